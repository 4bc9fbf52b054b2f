"""Row 57, reference file missing, stale, or its past changed: "run fails naming file and owner;
every score row carries ref versions".

A list that was never loaded has a fallback (dbt seeds, the bucket 'unknown'): gate 1 warns and
names file and owner. A list that was loaded and is gone or altered stops the run.
"""

import datetime as dt
from pathlib import Path

import pytest

from expectations.verdict import RuleResult
from foundation.errors import WarehouseError
from ingest.reference.catalogue import KINDS
from ingest.reference.editions import parquet_path
from ingest.reference.load import load_reference
from runs import steps
from runs.days.day_set import Days
from runs.days.reading import plan_now
from tests.faults.tiny_home import TinyHome, parcel

TARIFF = "hs8,desc_vi,desc_en,mfn,acfta\n61091000,Áo,Shirt,{rate},0\n"
OLD_DAY, NEW_DAY = dt.date(2026, 3, 2), dt.date(2026, 8, 3)


@pytest.fixture
def home(seeded: Path, tmp_path: Path) -> TinyHome:
    home = TinyHome(tmp_path / "home", seeded)
    home.deliver([parcel("OLD", OLD_DAY), parcel("NEW", NEW_DAY)], NEW_DAY)
    return home


def load_tariff(home: TinyHome, rate: int, as_of: dt.date) -> str:
    path = home.folder / f"tariff_{rate}.csv"
    path.write_text(TARIFF.format(rate=rate), encoding="utf-8")
    (outcome,) = load_reference(home.home, path, kind="vn_tariff", as_of=as_of)
    assert outcome.status == "loaded", outcome
    return outcome.sha256


def rate_on(home: TinyHome, day: dt.date) -> list[tuple[object, ...]]:
    home.register(day, day)
    return home.rows("select cast(mfn_rate_percent as integer) from raw.reference_tariff")


def results(home: TinyHome) -> dict[str, RuleResult]:
    return {result.rule_id: result for result in home.gate1("references").results}


def test_a_missing_list_is_named_with_its_owner(home: TinyHome) -> None:
    home.register(OLD_DAY, OLD_DAY)
    missing = results(home)["reference_loaded"]
    assert (missing.outcome, missing.severity) == ("failed", "warning")
    named = {(row["kind"], row["file_name"], row["owner"]) for row in missing.examples}
    assert ("vn_tariff", "vn_tariff_hs8_2026-01.csv", "customs_valuation") in named
    assert len(named) == sum(kind.raw_table is not None for kind in KINDS.values())
    load_tariff(home, 20, dt.date(2026, 1, 1))
    home.register(OLD_DAY, OLD_DAY)
    named = {row["kind"] for row in results(home)["reference_loaded"].examples}
    assert "vn_tariff" not in named


def test_a_stale_list_and_one_from_later_days_are_told(home: TinyHome) -> None:
    load_tariff(home, 20, dt.date(2025, 1, 1))  # 425 days before; an edition serves 400
    home.register(OLD_DAY, OLD_DAY)
    stale = results(home)["reference_current"]
    assert (stale.outcome, stale.examples[0]["as_of_date"]) == ("failed", "2025-01-01")
    load_tariff(home, 21, dt.date(2026, 1, 1))
    home.register(OLD_DAY, OLD_DAY)
    assert results(home)["reference_current"].outcome == "passed"
    # A home whose only edition is dated after the days computed.
    home.register(dt.date(2024, 3, 4), dt.date(2024, 3, 4))
    assert results(home)["reference_current"].outcome == "failed"


def test_a_new_edition_changes_no_day_before_its_date(home: TinyHome) -> None:
    load_tariff(home, 20, dt.date(2026, 1, 1))
    assert rate_on(home, OLD_DAY) == [(20,)]
    load_tariff(home, 15, dt.date(2026, 7, 1))
    assert rate_on(home, NEW_DAY) == [(15,)]
    assert rate_on(home, OLD_DAY) == [(20,)]


def test_a_changed_past_is_told(home: TinyHome) -> None:
    old = load_tariff(home, 20, dt.date(2026, 1, 1))
    home.register(OLD_DAY, OLD_DAY)
    assert results(home)["reference_not_replaced"].outcome == "passed"
    new = load_tariff(home, 21, dt.date(2026, 1, 1))
    assert rate_on(home, OLD_DAY) == [(21,)]
    replaced = results(home)["reference_not_replaced"]
    assert replaced.outcome == "failed"
    assert replaced.examples[0] == {
        "kind": "vn_tariff", "file_name": "tariff_21.csv", "owner": "customs_valuation",
        "as_of_date": "2026-01-01", "sha256": new, "replaced_sha256": old,
    }  # fmt: skip


@pytest.mark.parametrize("damage", ["removed", "altered"])
def test_a_loaded_list_that_is_gone_or_altered_stops_the_run(home: TinyHome, damage: str) -> None:
    sha256 = load_tariff(home, 20, dt.date(2026, 1, 1))
    file = parquet_path(home.home, "vn_tariff", sha256)
    content = bytearray(file.read_bytes())
    file.chmod(0o640)
    file.unlink()
    if damage == "altered":
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    with pytest.raises(WarehouseError, match=r"vn_tariff from tariff_20\.csv") as raised:
        home.register(OLD_DAY, OLD_DAY)
    assert "owner customs_valuation" in raised.value.what
    assert raised.value.where == str(file)


def test_scores_carry_the_versions_they_rest_on(record_home: TinyHome, tmp_path: Path) -> None:
    """Each score row the version of its weights; each run the hash of all seeds; each release the
    edition of every list."""
    scores = record_home.rows(
        "select distinct weight_version is not null, count(*) > 0 from risk.fct_risk_scores "
        "group by all"
    )
    assert scores == [(True, True)]
    unversioned = record_home.rows(
        "select count(*) from risk.fct_risk_indicators "
        "where weight_version is null or legal_instrument_id is null"
    )
    assert unversioned == [(0,)]
    home = record_home.copy(tmp_path / "home")
    planned = plan_now(home.home, Days([OLD_DAY]), even_if_empty=True)
    steps.land_days(home.settings, "run-1", planned)
    facts = steps.read_start(home.home, "run-1").facts()
    assert len(facts["seeds_sha256"]) == len(facts["code_sha256"]) == 64
    listed = record_home.rows(
        "select reference_kind, source_sha256, owner from quality.fct_reference_versions order by 1"
    )
    assert ("vn_tariff", "none", "customs_valuation") in listed
    assert len(listed) == 5
