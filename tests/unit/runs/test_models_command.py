"""`import-risk models` and `promote`: what a person sees; nothing counts without a signature.

What is refused and why: test_model_registry.py. Here that the command says so, with its exit code.
"""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from foundation.home import Home
from ledger.chain import Ledger
from ledger.model_periods import PROMOTION
from runs.model_listing import listing
from runs.model_registry import store_candidate
from scoring.document import named, to_document
from scoring.model import Scorecard
from tests.support.cli import ImportRisk
from tests.support.risk_models import candidate, document, edit
from tests.support.risk_models import of_indicators as by_hand

SIGNED = ("--reason", "finds more", "--signed-by", "an officer")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> ImportRisk:
    return ImportRisk(tmp_path_factory.mktemp("models") / "home")


@pytest.fixture(scope="module")
def versions(command: ImportRisk) -> tuple[str, str]:
    """Two candidates: one that came as a file from elsewhere, one that a fit here left."""
    file = command.home.parent / "from elsewhere.json"
    file.write_text(to_document(named(by_hand())), encoding="utf-8")
    first = command("models", "add", file, "--json").json["model_version"]
    return first, candidate(Home(command.home), -1400)


def promotions(command: ImportRisk) -> int:
    entries = Ledger(Home(command.home).ledger).entries()
    return sum(entry.kind == PROMOTION for entry in entries)


def test_the_whole_way_of_two_versions(command: ImportRisk, versions: tuple[str, str]) -> None:
    first, second = versions
    listed = command("models", "list", "--json").json
    assert [(one["state"], one["auc"]) for one in listed["models"]] == [("candidate", 0.6125)] * 2
    assert listed["periods"] == []
    assert "no version was ever promoted" in command("models", "list").out
    done = command("promote", first, "--from", "2026-03-02", *SIGNED, "--json").json
    assert done == {
        "risk_type": "undervaluation", "model_version": first, "valid_from": "2026-03-02",
        "valid_to": None, "reason": "finds more", "signed_by": "an officer", "pending_models": [],
        "learned_from": "2026-11-01", "learned_to": "2026-11-12", "displaced": [],
    }  # fmt: skip
    told = command("promote", second, "--from", "2026-03-09", *SIGNED).out
    assert f"undervaluation: from 2026-03-09 on {second} count" in told
    assert f"in the place of {first}, which counted from 2026-03-02" in told
    assert "no published day is changed by it" in told
    listed = command("models", "list").out
    assert "in force 2026-03-02..2026-03-08" in listed
    assert "in force 2026-03-09.." in listed
    assert f"undervaluation: {second} from 2026-03-09 (finds more; an officer)" in listed
    # The way back, and the way to the expert.
    command("promote", first, "--from", "2026-03-09", *SIGNED)
    done = command(
        "promote", "--expert", "undervaluation", "--from", "2026-03-20", *SIGNED, "--json"
    )
    assert [(one["model_version"], one["valid_to"]) for one in done.json["displaced"]] == [
        (first, None)
    ]
    found = command("models", "list", "--json").json
    states = {one["model_version"]: one["state"] for one in found["models"]}
    assert states == {first: "in_force", second: "retired"}
    assert [(one["model_version"], one["valid_from"], one["valid_to"])
            for one in found["periods"]] == [
        (first, "2026-03-02", "2026-03-08"), (first, "2026-03-09", "2026-03-19"),
        (None, "2026-03-20", None),
    ]  # fmt: skip


def test_an_officer_can_read_a_version(command: ImportRisk, versions: tuple[str, str]) -> None:
    shown = command("models", "show", versions[0]).out
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines()]
    assert ["indicator_undervaluation", "0.05", "", "700", "10/20", "margin"] in lines
    assert ["indicator_vague_description", "missing", "", "300", "2/5", "mass"] in lines
    assert ["indicator_vague_description", "", "1", "150", "4/15", "mass"] in lines
    assert ["3", "-900", "", "50.0 %", "5/10"] in lines
    assert ["auc", "0.6125"] in lines
    assert "score = -1500 (intercept) + one row a feature" in shown
    document = command("models", "show", versions[0], "--json").json["document"]
    assert document == json.loads(to_document(named(by_hand())))


def test_two_versions_are_compared(command: ImportRisk, versions: tuple[str, str]) -> None:
    found = command("models", "diff", *versions, "--json").json["differences"]
    assert [(one["feature"], one["points_before"], one["points_after"]) for one in found] == [
        ("(intercept)", -1500, -1400)
    ]
    assert "(intercept)" in command("models", "diff", *versions).out
    assert "same points" in command("models", "diff", versions[0], versions[0]).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{first}", *SIGNED), "Missing option '--from'"),
        (("{first}", "--from", "2026-13-01", *SIGNED), "2026-13-01"),
        (("{first}", "--from", "2026-03-02", "--signed-by", "x"), "Missing option '--reason'"),
        (("{first}", "--from", "2026-03-02", "--reason", "x"), "Missing option '--signed-by'"),
        (("{first}", "--from", "2026-03-02", "--reason", " ", "--signed-by", "x"), "--reason must"),
        (("{first}", "--from", "2026-03-02", "--reason", "x", "--signed-by", ""), "--signed-by"),
        (("{first}", "--from", "2014-12-31", *SIGNED), "no day before 2015-01-01"),
        (("splitting-2026-01-01-00000000", "--from", "2026-03-02", *SIGNED), "no risk model"),
        (("--from", "2026-03-02", *SIGNED), "needs a version, or --expert"),
        (("{first}", "--expert", "origin", "--from", "2026-03-02", *SIGNED), "needs a version, or"),
        (("--expert", "origin", "--from", "2026-03-02", *SIGNED), "no model of 'origin' counts"),
    ],
)
def test_a_slip_promotes_nothing(
    command: ImportRisk, versions: tuple[str, str], arguments: tuple[str, ...], words: str
) -> None:
    before = promotions(command)
    done = command("promote", *(one.format(first=versions[0]) for one in arguments), code=2)
    assert words in done.err
    assert promotions(command) == before


def test_the_figure_of_rows_that_a_model_had_not_seen_is_the_one_that_is_listed(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    store_candidate(home, replace(by_hand(), evaluation={"out_of_fold": {"auc": 0.6}, "auc": 0.9}))
    store_candidate(home, replace(by_hand(), intercept_points=-1, evaluation={"in_force": None}))
    assert [one.auc for one in listing(home)[0]] == [0.6, None]


def test_a_damaged_document_is_listed_and_refused(tmp_path: Path) -> None:
    command = ImportRisk(tmp_path / "home")
    version = candidate(Home(command.home))
    edit(document(Home(command.home), version), '"points":700', '"points":701')
    (listed,) = command("models", "list", "--json").json["models"]
    assert listed["problem"] == f"the document of risk model {version} is not what was written"
    for arguments in (
        ("models", "show", version),
        ("promote", version, "--from", "2026-03-02", *SIGNED),
    ):
        assert "is not what was written" in command(*arguments, code=1).err
    assert promotions(command) == 0


def test_a_file_that_is_no_document_is_refused(tmp_path: Path) -> None:
    command = ImportRisk(tmp_path / "home")
    file = tmp_path / "model.json"
    changed: Scorecard = named(by_hand())
    file.write_text(to_document(changed).replace("-1500", "-1501", 1), encoding="utf-8")
    assert "its content is not what its hash says" in command("models", "add", file, code=1).err
    assert not (command.home / "models").exists()


def test_days_that_a_version_learned_from_are_told_and_kept(
    tmp_path: Path,
) -> None:
    """Its first day learned from is in question only where it counts from then on."""
    command = ImportRisk(tmp_path / "home")
    version = candidate(Home(command.home))
    (one,) = command("models", "list", "--json").json["models"]
    first, last = one["trained_on_from"], one["trained_on_to"]
    done = command("promote", version, "--from", last, *SIGNED, "--json").json
    assert (done["learned_from"], done["learned_to"]) == (last, last)
    told = command("promote", version, "--from", "2020-01-01", *SIGNED).out
    assert f"it learned from {first}..{last}: what it says of these days is not out of" in told
    entries = Ledger(Home(command.home).ledger).entries()
    kept = [entry.body for entry in entries if entry.kind == PROMOTION]
    assert (kept[-1]["learned_from"], kept[-1]["learned_to"]) == (first, last)
    after = str(dt.date.fromisoformat(last) + dt.timedelta(days=1))
    done = command("promote", version, "--from", after, *SIGNED, "--json").json
    assert "learned_from" not in done
    assert "out of sample" not in command("promote", version, "--from", after, *SIGNED).out
