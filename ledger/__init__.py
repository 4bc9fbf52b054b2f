"""The ledger: what was delivered, discarded, judged and released. See README.md."""
