"""A past is read once, as far as the plan asks, and `run --plan` shows what follows from it."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from foundation.home import Home
from ingest.links import Links
from ledger.chain import Ledger
from runs.days import reading
from runs.days.day_set import Days
from runs.days.plan import plan
from runs.days.run_entries import ended, started
from tests.support.cli import ImportRisk
from tests.support.run_ledger import deliver, publish

SECOND, THIRD, NINTH = (dt.date(2026, 3, day) for day in (2, 3, 9))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The 2nd is published; an amendment of it lies on the 9th, and the 3rd is pending."""
    made = Home(tmp_path / "home")
    publish(made, "run-1", Days([SECOND]), deliver(made, "a", ("MOVED", SECOND, "original")))
    deliver(made, "b", ("MOVED", NINTH, "amended"))
    deliver(made, "c", ("NEW", THIRD, "original"))
    return made


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of the deliveries whose links are followed: each reads the files of months."""
    asked: list[str] = []
    honest = Links.days_of

    def noted(links: Links, body: Any) -> set[dt.date]:
        asked.append(body["file"])
        return honest(links, body)

    monkeypatch.setattr(Links, "days_of", noted)
    return asked


def test_links_are_followed_for_the_days_asked_only(home: Home, followed: list[str]) -> None:
    past = reading.read(home, Days([THIRD]))
    assert followed == ["c.csv"]
    assert plan(past, Days([THIRD])).days == Days([THIRD])
    followed.clear()
    assert plan(reading.read(home)).days == Days([SECOND, THIRD, NINTH])
    assert followed == ["b.csv", "c.csv"]


def test_a_plan_of_named_days_and_one_of_the_whole_past_agree(home: Home) -> None:
    whole = reading.read(home)
    for asked in (Days([THIRD]), Days([NINTH]), Days([SECOND, NINTH]), whole.released.days):
        named = Days(asked)
        assert plan(reading.read(home, named), named).days == plan(whole, named).days


def test_a_past_holds_until_something_is_entered_or_signed(home: Home) -> None:
    past = reading.read(home)
    assert reading.is_current(home, past)
    deliver(home, "d", ("LATER", NINTH, "original"))
    assert not reading.is_current(home, past)
    past = reading.read(home)
    home.waivers.mkdir()
    (home.waivers / "w.toml").write_text("signed", encoding="utf-8")
    assert not reading.is_current(home, past)
    assert reading.is_current(home, reading.read(home))


def tree(home: Home) -> dict[str, int]:
    return {
        str(path.relative_to(home.root)): path.stat().st_mtime_ns
        for path in home.root.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_a_plan_is_shown_and_nothing_is_done(home: Home) -> None:
    command, before = ImportRisk(home.root), tree(home)
    told = command("run", "--plan", "--json").json
    assert (told["status"], told["days"]) == (
        "planned", "2026-03-02..2026-03-03,2026-03-09..2026-03-09",
    )  # fmt: skip
    assert told["why"] == {
        "2026-03-02": {"amended": 1},
        "2026-03-03": {"delivered": 1},
        "2026-03-09": {"delivered": 1},
    }
    shown = command("run", "--plan", "--day", NINTH).out
    for said in ("2026-03-02", "amended (1)", "asked (1), delivered (1)", "nothing was done"):
        assert said in shown
    assert "2026-03-03" not in shown
    assert tree(home) == before


def test_a_plan_is_refused_like_its_run(home: Home) -> None:
    days = Days([THIRD])
    started(home, "run-2", days, Ledger(home.ledger).entries())
    ended(home, "run-2", days, "refused", "volume")
    command, before = ImportRisk(home.root), tree(home)
    assert "earlier days are held back" in command("run", "--plan", "--day", NINTH, code=3).err
    assert "nothing to compute" in command("run", "--plan", "--day", "2025-01-01", code=2).err
    assert tree(home) == before
