"""Audits: collect read-only, judge what was kept as often as anybody wants, compare."""
