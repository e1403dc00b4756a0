"""What a management controller tells, one topic a file."""
