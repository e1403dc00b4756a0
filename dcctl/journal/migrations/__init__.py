"""How the journal's schema came to be what it is; each file in `versions/` goes one step up."""
