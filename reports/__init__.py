"""Pages and documents for people, made from stored evidence and released tables.

Add here nothing; import the concrete submodule. Keep out: computing what a page shows (dbt, gates).
"""
