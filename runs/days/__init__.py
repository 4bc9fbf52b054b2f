"""Which days a run computes, and why. See ../README.md."""
