"""One topic a file: `PARSE` makes the topic's fact of what the probe of the same name answers."""
