"""Parity of the two engines: the same deliveries through DuckDB and Spark, every mart compared.

Add here what only the comparison of engines needs. Keep out: models and engine macros (dbt/).
"""
