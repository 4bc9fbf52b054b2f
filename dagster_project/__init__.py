"""Order of the steps: Dagster definitions and the `import-risk` command line.

Add here an asset, a check, a job, a schedule, a command. Keep out: business rules (dbt seeds and
SQL), parsing (ingest), checks (expectations), publishing (serving). Nothing imports this package.
"""
