"""Releases: what readers see, how it gets there whole or not at all, and how it may be opened.

Add here what concerns a published release. Keep out: business rules (dbt), verdicts (expectations),
the order of steps (dagster_project). Import concrete submodules; nothing is re-exported here.
"""
