"""What the options before the verb set."""

verbose = 0
debug = False
