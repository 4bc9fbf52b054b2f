"""The source YAML of dbt names exactly the columns and types of the contracts, both ways.

Add here when ingest offers dbt another raw table. Keep out: what the columns mean.
"""

from pathlib import Path
from typing import Any

import yaml

from contracts.catalog import CONTRACTS
from tests.support.raw_fixture import raw_tables


def declared_tables(project: Path) -> dict[str, dict[str, Any]]:
    """Table name -> its YAML, from every sources file of the dbt project."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((project / "dbt" / "models").rglob("_raw__*.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                assert table["name"] not in found, f"{table['name']} is declared twice"
                found[table["name"]] = table
    return found


def test_same_tables(project: Path) -> None:
    assert set(declared_tables(project)) == set(raw_tables())
    assert set(CONTRACTS) <= set(raw_tables())


def test_same_columns_and_types_in_the_same_order(project: Path) -> None:
    expected = {
        name: [(column, sql_type.lower()) for column, sql_type in columns]
        for name, columns in raw_tables().items()
    }
    found = {
        name: [(column["name"], column["data_type"]) for column in table["columns"]]
        for name, table in declared_tables(project).items()
    }
    assert found == expected


def test_every_raw_column_is_described_in_both_languages(project: Path) -> None:
    offenders = [
        f"{name}.{column['name']}"
        for name, table in declared_tables(project).items()
        for column in table["columns"]
        if " | " not in column.get("description", "")
    ]
    assert offenders == []
