"""Row 55, empty day, ten-fold day, half a day: "volume gate vs same weekday median: warn/fail
bands, override by a signed, dated, reasoned waiver file in the lineage".

Mondays of 1,000 parcels, then three odd ones, none near a day off (those have wider bands:
tests/unit/expectations/test_history_rules.py). Not claimed: that the bands are right
(expectations/thresholds.py gives their reasons), nor that `signed_by` is proven: a waiver is a
named statement in a protected folder, not a cryptographic signature.
"""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from expectations.verdict import RuleResult, Verdict
from runs import steps
from runs.days.day_set import Days
from runs.days.reading import plan_now
from serving.audience_file import write_gate_results
from tests.faults.tiny_home import TinyHome, parcel

MONDAYS = [dt.date(2026, 6, 1) + dt.timedelta(weeks=week) for week in range(5)]
HALF, EMPTY, TENFOLD = (MONDAYS[-1] + dt.timedelta(weeks=week) for week in (1, 2, 3))
WAIVER = """
gate = "gate1"
source = "parcel_manifest"
rule = "{rule}"
from_day = {day}
to_day = {day}
reason = "VNACCS stood still for 16 hours; paper declarations follow on Tuesday"
signed_by = "Head of shift, synthetic"
signed_on = {day}
"""


@pytest.fixture(scope="module")
def mondays(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    home = TinyHome(tmp_path_factory.mktemp("volume") / "home", seeded)
    for monday, count in (*((day, 1000) for day in MONDAYS), (HALF, 500), (TENFOLD, 10_000)):
        home.deliver(
            [parcel(f"{monday:%m%d}-{n}", monday) for n in range(count)],
            monday + dt.timedelta(days=1),
        )
    return home


@pytest.fixture
def home(mondays: TinyHome) -> TinyHome:
    """The same home without waivers of another test."""
    for file in mondays.home.waivers.glob("*"):
        file.unlink()
    mondays.home.waivers.mkdir(exist_ok=True)
    return mondays


def judged(home: TinyHome, day: dt.date) -> tuple[Verdict, dict[str, RuleResult]]:
    home.register(day, day)
    verdict = home.gate1("parcel_manifest")
    return verdict, {r.rule_id: r for r in verdict.results}


def waive(home: TinyHome, name: str, day: dt.date, rule: str = "volume_plausible") -> str:
    text = WAIVER.format(rule=rule, day=day)
    (home.home.waivers / f"{name}.toml").write_text(text, encoding="utf-8")
    return text


def test_an_ordinary_monday_passes(home: TinyHome) -> None:
    """Negative control."""
    verdict, results = judged(home, MONDAYS[2])
    assert results["volume_usual"].outcome == results["volume_plausible"].outcome == "passed"
    assert verdict.passed
    assert "waivers_usable" not in results


def test_half_a_day_warns(home: TinyHome) -> None:
    verdict, results = judged(home, HALF)
    usual = results["volume_usual"]
    assert (usual.outcome, results["volume_plausible"].outcome) == ("failed", "passed")
    assert usual.examples[0] | {"day": None} == {
        "day": None, "day_kind": "ordinary", "day_rows": 500, "weekday_median": 1000,
        "weekday_days": 6, "median_rows": 1000, "other_days": 6,
    }  # fmt: skip
    assert verdict.passed


@pytest.mark.parametrize("day", [EMPTY, TENFOLD], ids=["empty", "ten-fold"])
def test_an_empty_and_a_tenfold_day_are_refused(home: TinyHome, day: dt.date) -> None:
    verdict, results = judged(home, day)
    assert results["volume_plausible"].outcome == "failed"
    assert not verdict.passed


def test_a_signed_waiver_lets_the_day_pass_and_hides_nothing(home: TinyHome) -> None:
    waive(home, "outage", EMPTY)
    verdict, results = judged(home, EMPTY)
    waived = results["volume_plausible"]
    assert (waived.outcome, waived.failing_count) == ("waived", 1)
    assert waived.examples[0]["day_rows"] == 0
    assert not waived.passed
    assert waived.waivers[0]["signed_by"] == "Head of shift, synthetic"
    assert verdict.status == "passed_with_warnings"
    with duckdb.connect() as connection:
        connection.execute("create schema quality")
        connection.execute("attach ':memory:' as release_file")
        connection.execute("create schema release_file.quality")
        connection.execute("use release_file")
        write_gate_results(connection, verdict.rows(), "customs")
        shown = connection.execute(
            "select outcome, passed, failing_count, waivers_json from quality.fct_gate_results "
            "where rule_id = 'volume_plausible' and suite = 'parcel_manifest'"
        ).fetchall()
    assert shown[0][:3] == ("waived", False, 1)
    assert "VNACCS stood still" in shown[0][3]


def test_a_waiver_ends(home: TinyHome) -> None:
    """It covers its days only: the same rule on another day fails, and says whose waiver ended."""
    waive(home, "outage", EMPTY)
    verdict, results = judged(home, TENFOLD)
    assert results["volume_plausible"].outcome == "failed"
    told = results["waivers_cover_their_findings"]
    assert (told.outcome, told.severity) == ("failed", "warning")
    assert f"outage.toml ({EMPTY} to {EMPTY})" in told.observed
    assert not verdict.passed


BAD_WAIVERS = {
    "unknown_rule": (("volume_plausible", "volume_plausable"), "gate1 has no rule"),
    "defect": (("volume_plausible", "rows_conserved"), "nobody may waive it"),
    "unsigned": (('signed_by = "Head of shift, synthetic"', ""), "'signed_by' is missing"),
    "no_reason": (
        ("VNACCS stood still for 16 hours; paper declarations follow on Tuesday", "ok"),
        "'reason' must say why",
    ),
    "no_gate": (("gate1", "gate3"), "'gate' must be one of"),
    "unknown_key": (("from_day", "since_day"), "the key 'since_day' is not known"),
    "backwards": ((f"to_day = {EMPTY}", f"to_day = {HALF}"), "'to_day' lies before"),
    "no_toml": (("from_day = ", "from_day = ["), "Unclosed array"),
}


def test_waivers_that_cannot_be_used_waive_nothing_and_are_named(home: TinyHome) -> None:
    for name, (change, _) in BAD_WAIVERS.items():
        text = waive(home, name, EMPTY)
        assert change[0] in text, name
        (home.home.waivers / f"{name}.toml").write_text(text.replace(*change), encoding="utf-8")
    verdict, results = judged(home, EMPTY)
    assert results["volume_plausible"].outcome == "failed"
    assert not verdict.passed
    unusable = results["waivers_usable"]
    assert (unusable.outcome, unusable.failing_count) == ("failed", len(BAD_WAIVERS))
    for name, (_, why) in BAD_WAIVERS.items():
        told = [example for example in unusable.examples if example["waiver"].startswith(name)]
        assert len(told) == 1, name
        assert why in told[0]["waiver"], name


def test_the_lineage_of_a_run_names_its_waivers(home: TinyHome) -> None:
    waive(home, "outage", EMPTY)
    steps.land_days(home.settings, "run-1", plan_now(home.home, Days([EMPTY]), even_if_empty=True))
    start = steps.read_start(home.home, "run-1")
    assert list(start.facts()["waivers"]) == ["outage.toml"]
    verdict = steps.check_inputs(home.settings, "run-1")
    (waived,) = [r for r in verdict.results if r.outcome == "waived"]
    assert waived.waivers[0]["sha256"] == start.waivers["outage.toml"]
    # What is signed after the run began is for the next run.
    (home.home.waivers / "outage.toml").write_text(
        WAIVER.format(rule="volume_plausible", day=EMPTY) + "# changed\n", encoding="utf-8"
    )
    verdict = steps.check_inputs(home.settings, "run-1")
    assert not verdict.passed
    told = next(r for r in verdict.results if r.rule_id == "waivers_usable")
    assert "was added or changed after the run began" in told.observed


def test_an_expected_delivery_that_did_not_come_is_missed(home: TinyHome) -> None:
    calendar = '[calendar]\nweekdays = ["mon", "tue"]\nsources = ["parcel_manifest"]'
    home.sender("punctual", calendar)
    home.deliver([parcel("ONE", TENFOLD)], TENFOLD, sender="punctual")
    _, results = judged(home, TENFOLD)
    # Expected on Monday and came; Tuesday lies outside the days computed.
    assert results["expected_delivery_arrived"].outcome == "passed"
    home.register(TENFOLD, TENFOLD + dt.timedelta(days=1))
    results = {r.rule_id: r for r in home.gate1("parcel_manifest").results}
    missing = results["expected_delivery_arrived"]
    assert (missing.outcome, missing.severity) == ("failed", "warning")
    assert missing.examples == (
        {"sender": "punctual", "source": "parcel_manifest",
         "day": str(TENFOLD + dt.timedelta(days=1))},
    )  # fmt: skip
