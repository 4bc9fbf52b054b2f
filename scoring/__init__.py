"""Risk models as numbers: fit, score, judge. Pure functions of arrays. See README.md."""
