"""A source added by the written recipe alone appears everywhere, without another edit.

The files of contracts/README.md are written into a copy of the tree as they stand there; then the
product's own functions run in that copy. Not claimed: that core, risk or reports use the rows.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.new_source import blocks, copy_of_the_tree

SOURCE = "bonded_warehouse"
# Of the recipe: three warehouses, each opened once.
ROWS = 3


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A Python command in the copy, which alone is importable."""
    return subprocess.run(
        [sys.executable, "-P", *command],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with the recipe's files, and what the generator writes from them."""
    copy = tmp_path_factory.mktemp("tree")
    copy_of_the_tree(project, copy)
    recipe = (project / "contracts" / "README.md").read_text(encoding="utf-8")
    for name, text in blocks(recipe).items():
        assert not (copy / name).exists(), f"{name}: the recipe writes new files only"
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    generated = run(copy, "-m", "contracts.generate")
    assert generated.returncode == 0, generated.stderr
    return copy


@pytest.fixture(scope="module")
def trial(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = run(copy, "-m", "tests.support.new_source", SOURCE, str(tmp_path_factory.mktemp("home")))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_recipe_writes_the_three_places_and_no_more(project: Path) -> None:
    recipe = (project / "contracts" / "README.md").read_text(encoding="utf-8")
    assert sorted(blocks(recipe)) == [
        "contracts/sources/bonded_warehouse.py",
        "dbt/models/staging/warehouses/_warehouses__models.yml",
        "dbt/models/staging/warehouses/stg_warehouses__bonded_warehouse_events.sql",
        "synthetic/states/bonded_warehouse.py",
    ]


def test_its_file_is_generated_and_delivered(trial: dict[str, Any]) -> None:
    assert trial["outcomes"] == [[SOURCE, "accepted", ROWS]]
    assert trial["raw_rows"] == ROWS


def test_gate_1_judges_it(trial: dict[str, Any]) -> None:
    rules = trial["gate_rules"]
    assert {
        "bonded_warehouse_code_present",
        "event_date_present",
        "rows_conserved",
        "ledger_matches_raw",
        "day_not_in_future",
        "key_codes_stated",
        "office_codes_known",
    } <= set(rules)
    assert "volume_plausible" not in rules  # of flows only
    assert (trial["gate_problems"], trial["gate_failing"]) == ([], [])


def test_its_staging_model_shows_its_rows(trial: dict[str, Any]) -> None:
    assert trial["staged"] == {"stg_warehouses__bonded_warehouse_events": [ROWS]}


def test_it_is_an_asset_of_dagster(trial: dict[str, Any]) -> None:
    """One asset a raw table of the manifest (dagster_project/defs/ingest/assets.py)."""
    assert SOURCE in trial["raw_assets"]


def test_the_quality_page_names_it_in_both_languages(trial: dict[str, Any]) -> None:
    assert "Kho ngoại quan" in trial["quality_page"]
    assert "Bonded warehouses" in trial["quality_page"]


def test_it_is_laid_out_for_spark(trial: dict[str, Any]) -> None:
    assert trial["exported_columns"].startswith("`bonded_warehouse_code` string, `event_date` date")
    assert "`storage_area_m2` decimal(18,2)" in trial["exported_columns"]
    assert "keeper_name`" not in trial["exported_columns"]
    [file] = trial["exported_files"]
    assert file.endswith(".parquet")


def test_the_pages_and_dbt_know_it(copy: Path) -> None:
    privacy = (copy / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert (
        f"| {SOURCE} | `keeper_name` | name | Name of the keeper | `keeper_name_token` |" in privacy
    )
    sources = (copy / "docs" / "sources.md").read_text(encoding="utf-8")
    assert f"## {SOURCE}: Kho ngoại quan | Bonded warehouses" in sources
    raw = (copy / "dbt/models/staging/warehouses/_raw__bonded_warehouse.yml").read_text("utf-8")
    assert "Một dòng cho mỗi sự kiện của một kho. | One row per warehouse event." in raw


def test_generating_again_changes_nothing(copy: Path) -> None:
    again = run(copy, "-m", "contracts.generate")
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('"Ngày sự kiện", "Date of the event"', '"Ngày sự kiện", ""',
         "has no English text for field 'event_date'"),
        ('SpeaksOf(until="for_ever")', 'SpeaksOf(until="its_day", takes_place_of=("number",))',
         "names 'number' in speaks_of.takes_place_of, which it does not have"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_meant_is_refused_with_its_name(
    copy: Path, wrong: str, right: str, sentence: str
) -> None:
    path = copy / "contracts" / "sources" / f"{SOURCE}.py"
    good = path.read_text(encoding="utf-8")
    assert wrong in good
    path.write_text(good.replace(wrong, right), encoding="utf-8")
    try:
        refused = run(copy, "-c", "import contracts.catalogue")
    finally:
        path.write_text(good, encoding="utf-8")
    assert refused.returncode != 0
    last_line = refused.stderr.splitlines()[-1]
    assert f"the contract of '{SOURCE}' {sentence}" in last_line
    assert f"contracts/sources/{SOURCE}.py" in last_line
