"""What brings a warehouse back: after a kill, from raw rows, from a backup. See README.md."""
