"""From delivered bytes to typed, tokenised raw rows, every row accounted for.

Add here a wire format (readers/), a source (contracts/), a sender (profiles/). Keep out: business
rules (dbt seeds and SQL), orchestration (dagster_project).
"""
