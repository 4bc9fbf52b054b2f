"""Editions: exactly the published days that another edition would change are pending."""

import datetime as dt
import json
from pathlib import Path

import pytest

from foundation.home import Home
from ingest.reference.catalogue import KINDS
from ingest.reference.load import load_reference
from ledger.chain import Ledger
from runs import dbt_project
from runs.days import run_entries
from runs.days.causes import causes_of
from runs.days.day_set import Days
from runs.days.editions import READERS, described, superseded
from runs.days.plan import pending_days
from runs.days.reading import read
from tests.support.run_ledger import deliver

EARLY, MIDDLE, LATE = (dt.date(2026, 3, day) for day in (2, 10, 20))
DAYS = (EARLY, MIDDLE, LATE)


def load(home: Home, rate: str, as_of: dt.date, *, text: str = "Áo") -> str:
    """Load a tariff of one line; the sha256 of its file."""
    path = home.root / f"tariff_{rate}_{as_of}_{text}.csv"
    path.write_text(f"hs8,desc_vi,desc_en,mfn,acfta\n61091000,{text},Shirt,{rate},0\n")
    (outcome,) = load_reference(home, path, kind="vn_tariff", as_of=as_of)
    return outcome.sha256


def release(home: Home, name: str, days: Days, *, recorded: bool = True) -> None:
    """A run over these days that was published; recorded: its entry names the editions."""
    if recorded:
        run_entries.started(home, name, days, Ledger(home.ledger).entries())
    else:
        ends = {"days": str(days), "from_day": EARLY.isoformat(), "to_day": LATE.isoformat()}
        Ledger(home.ledger).append("run", {"run_id": name, "status": "started", **ends})
    facts = {"run_id": name, "release_id": name, "days": str(days), "inputs": ["a" * 64]}
    making = {
        "code_sha256": dbt_project.code_hash(), "seeds_sha256": dbt_project.seeds_hash(),
    }  # fmt: skip
    Ledger(home.ledger).append("release", facts | making)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three published days, computed with an edition of January."""
    made = Home(tmp_path / "home")
    deliver(made, "a", *((f"P{day}", day, "original") for day in DAYS))
    load(made, "20", dt.date(2026, 1, 1))
    release(made, "r1", Days(DAYS))
    assert not pending_days(read(made))
    return made


def pending(home: Home) -> tuple[dt.date, ...]:
    return tuple(pending_days(read(home)))


def test_an_edition_from_a_past_date_makes_the_days_since_pending_and_is_named(home: Home) -> None:
    sha256 = load(home, "12", MIDDLE)
    assert pending(home) == (MIDDLE, LATE)
    found = described(superseded(home, Ledger(home.ledger).entries()))
    (one,) = found
    assert (one["as_of"], one["sha256"]) == (MIDDLE.isoformat(), sha256)
    assert one["days"] == f"{MIDDLE}..{MIDDLE},{LATE}..{LATE}"
    causes = causes_of(home, DAYS, [], ["a" * 64])
    assert causes[EARLY].reasons == ()
    assert (causes[MIDDLE].reasons, causes[MIDDLE].deliveries) == (("reference_change",), (sha256,))
    release(home, "r2", Days([MIDDLE, LATE]))
    assert pending(home) == ()
    assert causes_of(home, [LATE], [], ["a" * 64])[LATE].reasons == ()


@pytest.mark.parametrize(
    ("rate", "as_of", "text", "days"),
    [
        ("12", LATE + dt.timedelta(days=1), "Áo", ()),  # adds dates to come
        ("20", MIDDLE, "Áo", ()),  # the same content under a later date
        ("20", MIDDLE, "Áo phông", ()),  # another file, the same rates
        ("20.0", dt.date(2026, 1, 1), "Áo", ()),  # the same date and rate, written otherwise
        ("12", LATE, "Áo", (LATE,)),
        ("12", dt.date(2026, 1, 1), "Áo", DAYS),  # a correction of the edition itself
        ("12", dt.date(2025, 1, 1), "Áo", ()),  # older than the one in force
    ],
)
def test_only_other_figures_of_published_days_make_them_pending(
    home: Home, rate: str, as_of: dt.date, text: str, days: tuple[dt.date, ...]
) -> None:
    load(home, rate, as_of, text=text)
    assert pending(home) == days


def test_a_day_that_a_release_holds_no_rows_of_is_left_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    mart = READERS["vn_tariff"]
    listing = {str(MIDDLE): f"{mart}/empty/e.parquet", str(LATE): f"{mart}/day={LATE}/f.parquet"}
    folder = home.releases / "r1"
    folder.mkdir(parents=True)
    (folder / "history.json").write_text(json.dumps({mart: listing}))
    fake = type("Fake", (), {"folder": folder})
    monkeypatch.setattr("runs.days.editions.release.current", lambda _: fake)
    load(home, "12", MIDDLE)
    assert pending(home) == (LATE,)


def test_a_first_list_reaches_every_published_day(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    deliver(home, "a", *((f"P{day}", day, "original") for day in DAYS))
    release(home, "r1", Days(DAYS))
    # Until then approximations counted; the earliest edition answers for days before it, too.
    load(home, "12", MIDDLE)
    assert pending(home) == DAYS


def test_a_run_from_before_editions_were_recorded_read_one_for_all_days(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    deliver(home, "a", *((f"P{day}", day, "original") for day in DAYS))
    load(home, "20", dt.date(2026, 1, 1))
    load(home, "12", MIDDLE)
    release(home, "r1", Days(DAYS), recorded=False)
    # That of MIDDLE was read for EARLY as well, which is now put right.
    assert pending(home) == (EARLY,)
    release(home, "r2", Days([EARLY]))
    assert pending(home) == ()


def test_readers_of_a_list_by_day_are_those_of_the_models() -> None:
    by_day = {name: kind for name, kind in KINDS.items() if kind.read_by_day}
    assert set(READERS) == set(by_day)
    children = dbt_project.manifest()["child_map"]
    names = {node["unique_id"]: f"{node['schema']}.{node['name']}"
             for node in dbt_project.published_nodes()}  # fmt: skip
    for name, kind in by_day.items():
        below = [f"source.import_risk.raw.{kind.raw_table}"]
        for node in below:
            below += [child for child in children.get(node, ()) if child not in below]
        assert READERS[name] in {names.get(node) for node in below}
    # Negative control: a list of names has no table by day below it.
    others = {kind.raw_table for kind in KINDS.values() if kind.raw_table and not kind.read_by_day}
    windowed = {f"model.import_risk.{table.table}"
                for table in dbt_project.release_plan(1).tables
                if table.window_column == "day"}  # fmt: skip
    for table in others:
        below = [f"source.import_risk.raw.{table}"]
        for node in below:
            below += [child for child in children.get(node, ()) if child not in below]
        assert not windowed & set(below), table
