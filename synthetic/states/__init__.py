"""One module a state source: what is known of it, and when. reference_files.py finds them."""
