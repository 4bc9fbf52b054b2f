"""One module a source: `CONTRACT`, everything that is particular to it. catalogue.py finds them."""
