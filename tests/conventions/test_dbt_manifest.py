"""The dbt project keeps its habits, read from the manifest; claims nothing about results."""

import re
from typing import Any

import pytest

from runs.dbt_project import manifest
from runs.settings import DBT_PROJECT

AUDIENCES = {"customs", "ministry"}
# What a ministry reader must never find: rows of consignments or parties.
CONSIGNMENT_LEVEL = re.compile(r"(^|_)(consignment_id|party_id|token|waybill_number)$")


def nodes(resource_type: str) -> list[dict[str, Any]]:
    return [n for n in manifest()["nodes"].values() if n["resource_type"] == resource_type]


def models(folder: str = "") -> list[dict[str, Any]]:
    return [n for n in nodes("model") if n["path"].startswith(folder)]


def bilingual(text: str) -> bool:
    vietnamese, bar, english = text.partition(" | ")
    return bool(vietnamese.strip() and bar and english.strip())


def test_every_model_and_seed_is_described_in_both_languages() -> None:
    offenders = [n["name"] for n in models() + nodes("seed") if not bilingual(n["description"])]
    assert offenders == []


def test_every_mart_column_is_described_in_both_languages() -> None:
    offenders = [
        f"{n['name']}.{name}"
        for n in models("marts/")
        for name, column in n["columns"].items()
        if not bilingual(column["description"])
    ]
    assert offenders == []


def test_no_two_models_share_a_description() -> None:
    texts = [n["description"] for n in models()]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_every_model_has_an_owner() -> None:
    assert [n["name"] for n in models() if not n["config"]["meta"].get("owner")] == []


def test_every_mart_names_its_readers_and_its_order() -> None:
    offenders = [
        n["name"]
        for n in models("marts/")
        if not set(n["config"]["meta"].get("audiences", ()))
        or not n["config"]["meta"].get("order_by")
        or not set(n["config"]["meta"]["audiences"]) <= AUDIENCES
    ]
    assert offenders == []


def test_the_ministry_gets_aggregates_only() -> None:
    offenders = [
        f"{n['name']}.{column}"
        for n in models("marts/")
        if "ministry" in n["config"]["meta"].get("audiences", ())
        for column in n["columns"]
        if CONSIGNMENT_LEVEL.search(column)
    ]
    assert offenders == []


def test_every_mart_is_tested_for_its_grain() -> None:
    tested = {
        n["attached_node"]
        for n in nodes("test")
        if n.get("test_metadata", {}).get("name") in {"unique", "unique_combination"}
    }
    assert [n["name"] for n in models("marts/") if n["unique_id"] not in tested] == []


def test_no_test_is_switched_off_or_tolerant() -> None:
    disabled = [name for name, found in manifest()["disabled"].items() if found]
    tolerant = [
        n["name"]
        for n in nodes("test")
        if n["config"]["severity"].lower() != "error" or n["config"]["error_if"] != "!= 0"
    ]
    assert disabled == []
    assert tolerant == []


def test_only_staging_reads_deliveries() -> None:
    window = {"source.import_risk.raw.run_window", "source.import_risk.raw.run_day"}
    offenders = [
        f"{n['name']} reads {parent}"
        for n in models()
        if not n["path"].startswith("staging/")
        for parent in n["depends_on"]["nodes"]
        if parent.startswith("source.") and parent not in window
    ]
    assert offenders == []


def sql_files() -> list[Any]:
    return sorted((DBT_PROJECT / "models").rglob("*.sql")) + sorted(
        (DBT_PROJECT / "macros").rglob("*.sql")
    )


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\bvar\(", "the window is data (docs/adr/0004)"),
        (r"\bqualify\b", "Spark has no qualify"),
        (r"\w::\w", "write cast()"),
        (
            r"\bcurrent_date\b|\bnow\(\)|\bcurrent_timestamp\b|\bget_current_timestamp\b",
            "no model reads the clock",
        ),
        (r"\bselect\s+\*\s+exclude\b", "name the columns"),
        (r"target\.type", "engine code lives in macros/engine"),
    ],
)
def test_models_are_portable_and_read_no_clock(pattern: str, why: str) -> None:
    offenders = [
        str(path.relative_to(DBT_PROJECT))
        for path in sql_files()
        if "engine" not in path.parts and re.search(pattern, without_comments(path.read_text()))
    ]
    assert offenders == [], why


def without_comments(sql: str) -> str:
    sql = re.sub(r"\{#.*?#\}", "", sql, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", "", sql).lower()


def test_the_portability_check_would_catch_an_offender() -> None:
    assert re.search(r"\w::\w", without_comments("select a::int -- ok"))
    assert not re.search(r"\w::\w", without_comments("select 1 -- a::int"))


NUMBER = re.compile(r"(?<![\w.'])(\d+(?:\.\d+)?)(?![\w'])")
# Units: percent, basis points.
SCALES = {"100", "10000"}
# Numbers that are mechanics, not rules: types, positions in a code, fixed-point scales.
MECHANICS = re.compile(
    r"decimal\s*\(\s*\d+\s*,\s*\d+\s*\)|(substr|left|right|lpad|split_part)\s*\([^()]*(\([^()]*\)[^()]*)*\)"
    r"|\{[{%].*?[%}]\}|'[^']*'",
    re.DOTALL,
)


def test_no_rate_threshold_or_date_stands_in_a_model() -> None:
    offenders = {}
    for path in sorted((DBT_PROJECT / "models").rglob("*.sql")):
        bare = MECHANICS.sub(" ", without_comments(path.read_text(encoding="utf-8")))
        numbers = sorted({n for n in NUMBER.findall(bare) if float(n) > 2 and n not in SCALES})
        dates = re.findall(r"date '\d{4}-\d\d-\d\d'", without_comments(path.read_text()))
        if numbers or dates:
            offenders[str(path.relative_to(DBT_PROJECT))] = numbers + dates
    assert offenders == {}
