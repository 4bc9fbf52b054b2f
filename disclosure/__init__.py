"""Statistical disclosure control: which cells may be published, and why no more is told."""
