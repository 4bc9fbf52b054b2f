"""Code lists as SQL: countries and currencies that exist.

Add here a list of codes (a CSV with a column `code`). Keep out: lists that the models hold
(core.dim_office, core.dim_platform): a rule reads those where they are.
"""

import csv
from functools import cache
from pathlib import Path


@cache
def codes(name: str) -> tuple[str, ...]:
    """The codes of `<name>.csv`, sorted."""
    path = Path(__file__).with_name(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(sorted(row["code"] for row in csv.DictReader(stream)))


def codes_sql(name: str) -> str:
    """Select (code) of the list."""
    return f"select unnest([{', '.join(repr(code) for code in codes(name))}]) as code"
