"""What each source must deliver; see base.py for the vocabulary and catalog.py for the list."""
