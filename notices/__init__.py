"""Notices about runs: an outbox on disk, and the channels that empty it.

Add here nothing; import the concrete submodule. Keep out: deciding how a run ended
(dagster_project).
"""
