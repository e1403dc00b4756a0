"""What asks the fleet: one module a client, run as a process of its own.

Each is called with FOLDER COUNT [WORKERS] and prints how many devices gave both whole answers.
"""
