"""Upgrade campaigns: planned from the graph, approved by two, run wave by wave, resumed."""
