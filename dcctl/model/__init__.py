"""Plain values that everything else speaks in.

Targets, plans, outcomes, findings, events, records.
"""
