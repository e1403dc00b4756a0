"""Evidence of a run in one file, and whether such a file is whole and proven."""
