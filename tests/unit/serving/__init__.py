"""Tests of the package serving: one module per concern, on small fake working databases."""
