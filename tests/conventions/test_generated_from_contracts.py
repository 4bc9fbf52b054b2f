"""Generated files are what the contracts say today, and what they say fits the models.

Claims nothing about the meaning of a fact.
"""

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from contracts.generate import abandoned, texts
from contracts.shared_fields import RECORD_STATUS, VERSION_NUMBER
from contracts.staged import IS_PARTIAL, content_columns

VERSIONED = [contract for contract in CONTRACTS.values() if contract.versions is not None]
# What every `_versions` model shows of lineage, under its own names.
LINEAGE = {"day", "day_basis", "sender", "received_date", "source_sha256", "source_line"}
# Columns that a model derives for its own use: not stated by a sender.
DERIVED = {"parcel_manifest": {"is_summary"}}


def stale(project: Path) -> list[str]:
    return [
        str(path.relative_to(project))
        for path, text in texts(CONTRACTS, project).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def test_every_generated_file_is_up_to_date(project: Path) -> None:
    assert stale(project) == [], "run `python -m contracts.generate`"
    assert abandoned(CONTRACTS, project) == []


def test_a_changed_fact_of_a_source_would_be_noticed(project: Path) -> None:
    contract = CONTRACTS["parcel_manifest"]
    fields = (replace(contract.fields[0], meaning_en="Another"), *contract.fields[1:])
    changed = texts({**CONTRACTS, contract.source: replace(contract, fields=fields)}, project)
    current = texts(CONTRACTS, project)
    differing = {path.name for path in current if changed[path] != current[path]}
    assert differing == {"_raw__parcel_manifest.yml", "sources.md"}


def test_a_source_without_a_contract_would_be_noticed(project: Path) -> None:
    without = {name: c for name, c in CONTRACTS.items() if name != "market_reference"}
    assert [path.name for path in abandoned(without, project)] == ["_raw__market_reference.yml"]


def columns_of_versions_model(project: Path, contract: Contract) -> set[str]:
    """The columns of a `_versions` model, by creating it over an empty raw table."""
    folder = project / "dbt" / "models" / "staging" / contract.staging.folder
    sql = (folder / f"{contract.staging.versions}.sql").read_text(encoding="utf-8")
    sql = re.sub(r"\{\{ source\('raw', '(\w+)'\) \}\}", r"raw.\1", sql)
    sql = re.sub(r"\{\{ stated_status\('(\w+)'\) \}\}", r"\1", sql)
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        columns = ", ".join(f'"{name}" {kind}' for name, kind in contract.raw_columns())
        connection.execute(f"create table raw.{contract.source} ({columns})")
        return {row[0] for row in connection.execute(f"describe {sql}").fetchall()}


@pytest.mark.parametrize("contract", VERSIONED, ids=lambda contract: contract.source)
def test_staging_shows_exactly_the_content_of_a_record(project: Path, contract: Contract) -> None:
    """A column that staging shows and that is no content would never be compared or carried on."""
    assert contract.versions is not None
    version_facts = {VERSION_NUMBER.name, RECORD_STATUS.name, *contract.versions.about}
    if contract.has(IS_PARTIAL):
        version_facts.add(IS_PARTIAL)
    shown = columns_of_versions_model(project, contract)
    stated = shown - LINEAGE - set(contract.key) - version_facts
    assert stated - DERIVED.get(contract.source, set()) == set(content_columns(contract))


def test_every_source_has_a_staging_model_that_reads_it(project: Path) -> None:
    unread = [
        contract.source
        for contract in CONTRACTS.values()
        if not any(
            f"source('raw', '{contract.source}')" in path.read_text(encoding="utf-8")
            for path in (project / "dbt/models/staging" / contract.staging.folder).glob("*.sql")
        )
    ]
    assert unread == []
