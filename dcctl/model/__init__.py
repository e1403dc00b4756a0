"""Plain values that everything else speaks in: targets, plans, outcomes, findings, events, records."""
