"""What must hold across files: one rule a file, found by scanning this folder."""
