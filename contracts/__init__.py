"""What each source must deliver; see base.py for the vocabulary and sources/ for the sources."""
