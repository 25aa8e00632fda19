"""One file for each version of the ledger, oldest first; each names the one before it."""
