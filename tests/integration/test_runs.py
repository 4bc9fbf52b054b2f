"""Runs: same content for the same inputs, refusal without harm, one writer."""

import datetime as dt
import fcntl
import json
from pathlib import Path

import pytest

from tests.integration.conftest import FIRST_DAY, LAST_DAY
from tests.support.cli import ImportRisk

pytestmark = pytest.mark.slow


def content_hash(command: ImportRisk) -> str:
    manifest = (command.home / "releases" / "current" / "manifest.json").read_text()
    return json.loads(manifest)["content_hash"]


def test_the_same_week_in_another_home_in_another_order_has_the_same_content(
    published: ImportRisk, synthetic_files: Path, tmp_path: Path
) -> None:
    other = ImportRisk(tmp_path / "home")
    other(
        "deliver",
        *sorted(synthetic_files.glob("*.csv"), reverse=True),
        "--json",
        "--received-date",
        LAST_DAY + dt.timedelta(days=9),
    )
    other("run", "--from", FIRST_DAY, "--to", LAST_DAY, "--json")
    assert content_hash(other) == content_hash(published)


def test_a_second_delivery_of_a_file_loads_nothing(
    published: ImportRisk, synthetic_files: Path
) -> None:
    [outcome] = published("deliver", synthetic_files / "platform_registry.csv", "--json").json
    assert outcome["status"] == "duplicate"
    assert outcome["accepted"] == 0
    assert outcome["rows_in"] == outcome["duplicates"] > 0


def poisoned(source: Path, target: Path) -> Path:
    """A manifest whose arrival dates lie far in the future: a file gate 1 must not let through."""
    text = source.read_text(encoding="utf-8")
    target.write_text(text.replace(LAST_DAY.isoformat(), "2031-01-01"), encoding="utf-8")
    return target


def test_a_poisoned_delivery_never_reaches_readers(
    published: ImportRisk, synthetic_files: Path, tmp_path: Path
) -> None:
    before = content_hash(published), (published.home / "releases" / "current").readlink()
    bad = poisoned(
        synthetic_files / f"parcel_manifest_{LAST_DAY}.csv", tmp_path / "parcel_manifest_bad.csv"
    )
    delivered = published("deliver", bad, "--json", code=None)
    [outcome] = delivered.json
    if outcome["status"] == "refused":
        assert delivered.code == 3
        return
    if outcome["accepted"]:
        refused = published("run", "--day", "2031-01-01", "--json", code=3)
        assert refused.json["status"] == "refused"
        # The refused day stops later ones, and says so; a day before it may still run.
        assert list(published("status", "--json").json["held_days"]) == ["2031-01-01"]
        later = published("run", "--day", "2031-01-02", "--json", code=3)
        assert "earlier days are held back: 2031-01-01" in later.err
        published("discard", outcome["sha256"], "--reason", "poison", "--signed-by", "test")
        assert published("status", "--json").json["held_days"] is None
    else:
        assert outcome["quarantined"] == outcome["rows_in"]
    after = content_hash(published), (published.home / "releases" / "current").readlink()
    assert after == before
    assert published.rows("select count(*) as n from core.fct_consignments")[0]["n"] > 0


def test_a_file_without_a_required_column_is_refused_with_code_3(
    published: ImportRisk, tmp_path: Path
) -> None:
    bad = tmp_path / "parcel_manifest_headless.csv"
    bad.write_text("tracking,name\n1,x\n", encoding="utf-8")
    done = published("deliver", bad, "--json", code=3)
    [outcome] = done.json
    assert outcome["status"] == "refused"
    assert "house_waybill_number" in outcome["reason"]


def test_a_second_writer_is_told_who_holds_the_warehouse(published: ImportRisk) -> None:
    lock = published.home / "work" / "warehouse.lock"
    with lock.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = published("run", "--day", LAST_DAY, code=75)
    assert "busy" in done.err


def test_publishing_without_a_passing_verdict_is_refused(published: ImportRisk) -> None:
    from foundation.errors import GateRefusal
    from foundation.home import Home
    from runs import steps
    from runs.settings import Settings

    run_id = json.loads((published.home / "releases" / "current" / "manifest.json").read_text())[
        "run_facts"
    ]["run_id"]
    settings = Settings(
        Home(published.home),
        release_rows=500_000,
        releases_kept=3,
        memory_limit="1GB",
    )
    verdict = published.home / "runs" / run_id / "gate2.json"
    kept = verdict.read_bytes()
    verdict.unlink()
    try:
        with pytest.raises(GateRefusal):
            steps.publish(settings, run_id)
    finally:
        verdict.write_bytes(kept)


def test_usage_errors_have_code_2(published: ImportRisk) -> None:
    assert published("run", "--from", "2026-11-09", code=2).err
    assert published(
        "run", "--day", "2026-11-09", "--from", "2026-11-09", "--to", "2026-11-09", code=2
    ).err
    assert published("no-such-command", code=2).err
