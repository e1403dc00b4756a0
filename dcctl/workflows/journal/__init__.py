"""The evidence log: its keys, checkpoints, witnesses, proofs, and whether it is whole."""
