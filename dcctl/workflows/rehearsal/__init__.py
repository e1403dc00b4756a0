"""Rehearsals and simulations: the very same code over simulated elements in this process."""
