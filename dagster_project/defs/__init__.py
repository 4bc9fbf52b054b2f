"""What Dagster loads: every module below exposes definitions; see each for what belongs there."""
