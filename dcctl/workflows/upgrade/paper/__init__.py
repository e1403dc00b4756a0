"""A campaign on paper: its method of procedure, made from its plan alone."""
