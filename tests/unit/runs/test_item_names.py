"""A home's own table of item names: learnt from its declared codes, promoted and dated.

Not claimed: what headings a table gives (tests/unit/ingest/items), whole runs
(tests/faults/test_57_new_models.py).
"""

import datetime as dt
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.items.heldout import measured
from ingest.items.table import read_model
from ledger.chain import Ledger
from ledger.model_periods import CANDIDATE, ITEM_NAMES, candidates
from runs.item_names import TooFewNames, calibrate_item_names
from runs.model_listing import listing
from runs.model_registry import (
    add_document,
    promote,
    read_card,
    read_item_names,
    store_candidate,
    store_item_names,
)
from runs.settings import Settings
from tests.support.cli import ImportRisk
from tests.support.risk_models import document, promoted
from tests.unit.ingest.items.support import terms
from tests.unit.ingest.items.test_document import TABLE
from tests.unit.scoring.cards import by_hand

DAY = dt.date(2026, 3, 9)
LEAST = 200
# A word of this trade that the shipped table does not know, for each of four headings.
GOODS = {"zavu": "8504", "qibo": "6402", "wexu": "3304", "jomi": "9503"}


def declare(home: Home, names: int) -> Settings:
    """A working database with `names` different declared names, five items each, and rows that must
    not be learnt: of a later day, cancelled, without a declared code, without a name."""
    home.work.mkdir(parents=True)
    words = list(GOODS.items())
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            "create schema core; create schema intermediate; create table "
            "core.fct_consignment_items (item_description_folded varchar, hs_code varchar, "
            "hs_basis varchar, is_active boolean, day date)"
        )
        rows = [
            (f"{words[n % 4][0]} lot{n:04d}x", words[n % 4][1] + "9000", "declared", True, DAY)
            for n in range(names)
        ]
        odd = [
            ("later qqq", "01010000", "declared", True, DAY + dt.timedelta(days=1)),
            ("cancelled qqq", "01010000", "declared", False, DAY),
            ("read qqq", "0101", "classified", True, DAY),
            (None, "01010000", "declared", True, DAY),
        ]
        connection.executemany(
            "insert into core.fct_consignment_items values (?, ?, ?, ?, ?)", [*rows, *odd] * 5
        )
        connection.execute(
            "create table intermediate.int_rules__in_force as select date '2026-03-09' as day, "
            f"'ITEM_NAMES_MIN_NAMES' as parameter_id, '{LEAST}' as value"
        )
    return Settings(home, 1000, 1, "1GB")


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """Exactly as many names as are asked for: the limit itself."""
    home = Home(tmp_path_factory.mktemp("names") / "home")
    return home, calibrate_item_names(declare(home, LEAST), DAY).version


def test_the_words_of_the_home_are_learnt_and_nothing_counts_yet(learnt: tuple[Home, str]) -> None:
    home, version = learnt
    table = read_item_names(home, version)
    assert (table.names, table.labels, table.limits) == (LEAST, LEAST * 5, {"names": LEAST})
    assert (table.trained_on_from, table.trained_on_to) == (DAY, DAY)
    texts, codes = terms([f"{word} zzzq" for word in GOODS]), pa.array(list(GOODS.values()))
    assert measured(table.model, texts, codes).first == 1.0
    assert measured(read_model(), texts, codes).first == 0.0  # the shipped table knows none
    assert [entry.kind for entry in Ledger(home.ledger).entries()] == [CANDIDATE]


def test_one_name_fewer_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(TooFewNames, match=f"{LEAST - 1} different goods names .* needs {LEAST}"):
        calibrate_item_names(declare(home, LEAST - 1), DAY)
    assert not home.ledger.exists() or not Ledger(home.ledger).entries()


def test_classify_reads_the_shipped_table_or_the_version_that_is_named(
    learnt: tuple[Home, str], tmp_path: Path
) -> None:
    home, version = learnt
    run, names = ImportRisk(home.root), tmp_path / "names.csv"
    names.write_text("item_id,text\n1,zavu lot0001x\n", encoding="utf-8")
    assert (
        run("classify", names, "--version", version, "--json").json[0]["hs4"][0]["code"] == "8504"
    )
    assert version in run("classify", names, "--version", version).out
    assert run("classify", names, "--json").json[0]["hs4"][0]["code"] != "8504"
    assert "the shipped table" in run("classify", names).out
    assert "there is no risk model" in run("classify", names, "--version", "of-nobody", code=2).err


def test_a_risk_model_is_no_table_of_item_names(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    version = store_candidate(home, by_hand())
    with pytest.raises(UsageError, match="is a risk model: it has no words"):
        read_item_names(home, version)


def test_no_term_of_a_single_name_is_in_the_document(learnt: tuple[Home, str]) -> None:
    """`lot0007x` stands in one name of five items; a name of four would be left out."""
    home, version = learnt
    text = document(home, version).read_text(encoding="utf-8")
    assert "zavu" in text
    assert "qqq" not in text  # neither later nor cancelled nor undeclared nor nameless rows


def test_the_evaluation_names_this_table_and_the_shipped_one(learnt: tuple[Home, str]) -> None:
    told = read_item_names(*learnt).evaluation
    assert told["shipped"]["first"] == 0.0
    assert told["held_out"]["names"] == LEAST
    assert told["held_out"]["bound_micro"] >= 500_000
    assert told["in_force"] is None


def test_a_promotion_is_dated_and_signed_and_listed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    version = store_item_names(home, TABLE)
    period = promoted(home, version, DAY)
    assert (period.risk_type, period.version, period.valid_from) == (ITEM_NAMES, version, DAY)
    [listed], periods = listing(home)
    assert (listed.state, listed.problem, listed.to_json()["kind"]) == (
        "in force", None, ITEM_NAMES,
    )  # fmt: skip
    assert list(periods) == [ITEM_NAMES]
    with pytest.raises(UsageError, match="is a table of item names"):
        read_card(home, version)


def test_a_table_of_fewer_names_than_it_asks_for_cannot_count(tmp_path: Path) -> None:
    from dataclasses import replace

    home = Home(tmp_path / "home")
    version = store_item_names(home, replace(TABLE, names=499))
    with pytest.raises(WarehouseError, match="499 names, fewer than the 500"):
        promote(home, version, valid_from=DAY, reason="x", signed_by="y", computed=())


def test_a_document_from_elsewhere_comes_in_under_its_name(tmp_path: Path) -> None:
    there, here = Home(tmp_path / "there"), Home(tmp_path / "here")
    version = store_item_names(there, TABLE)
    assert add_document(here, document(there, version)) == version
    [known] = candidates(Ledger(here.ledger).entries()).values()
    assert (known.risk_type, known.labels) == (ITEM_NAMES, 900)
    assert add_document(here, document(there, version)) == version  # once more: the same


def test_the_command_prints_what_was_held_back_and_refuses_both_kinds_at_once(
    tmp_path: Path,
) -> None:
    command = ImportRisk(tmp_path / "home")
    declare(Home(command.home), LEAST)
    done = command("calibrate", "--item-names", "--until", DAY.isoformat(), "--json").json
    assert done["names"] == LEAST
    assert set(done["evaluation"]["held_out"]) == {
        "names", "first", "three", "answered", "precision", "bound_micro",
    }  # fmt: skip
    said = command("calibrate", "--item-names", "--until", DAY.isoformat()).out
    assert done["version"] in said
    assert "right of those" in said
    command("calibrate", "--until", DAY.isoformat(), code=2)
    command("calibrate", "--item-names", "--risk-type", "x", "--until", DAY.isoformat(), code=2)
    assert json.loads(document(Home(command.home), done["version"]).read_text())["names"] == LEAST
