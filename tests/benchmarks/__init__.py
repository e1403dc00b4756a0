"""Measurements beside other tools, in one run; they report and never judge."""
