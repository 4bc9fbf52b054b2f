"""Tests of package `expectations`."""
