"""Dated lists that gates compare with, read once and handed to SQL as values.

Add here a list that a gate needs before any model is built (README.md says its basis). Keep out:
numbers (thresholds) and law that computes amounts (dbt seeds).
"""
