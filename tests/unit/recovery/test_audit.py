"""`ledger verify`: what the chain, the published heads and the files of a home say of each other.

Claims nothing about repair. The home is real (one delivery, one reference file, one verdict, two
releases); each test damages one thing in a copy.
"""

import datetime as dt
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.verdict import Verdict, store_verdict
from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.reference.catalogue import KINDS
from ingest.reference.load import load_reference
from ledger.chain import Ledger
from recovery.audit import audit, parse_head
from runs.unrecorded import record_unrecorded
from serving.audit import manifest_sha256
from tests.support.editions import filed, told
from tests.support.risk_models import candidate, document
from tests.unit.serving.fake_work import DAY, publish_work

PARCELS = """house_waybill_number,operator_code,channel,arrived_at,currency_code,gross_weight_kg
HW1,OP1,express,2026-03-10T09:00:00,VND,0.5
HW2,OP1,express,2026-03-10T09:00:00,VND,a lot
"""
SEED = 20261127
DAY_OF_RECEIPT = dt.date(2026, 3, 11)


def publish(home: Home) -> str:
    """A release as steps.publish makes it: the head of the ledger in it, an entry about it."""
    ledger = Ledger(home.ledger)
    facts = {"run_id": "run-1", "ledger_head": ledger.head().to_json()}
    release_id = publish_work(home, days=[DAY], run_facts=facts)
    said = {"release_id": release_id, "manifest_sha256": manifest_sha256(home, release_id)}
    ledger.append("release", {**facts, **said})
    return release_id


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("audited")
    home = Home(folder / "home")
    delivered = folder / "parcel_manifest_1.csv"
    delivered.write_text(PARCELS, encoding="utf-8")
    key = PseudonymKey.demonstration()
    (outcome,) = deliver(home, [delivered], received_date=DAY_OF_RECEIPT, key=key)
    assert (outcome.accepted, outcome.quarantined) == (1, 1), outcome
    tariff = folder / KINDS["vn_tariff"].file_name
    tariff.write_text("hs8,desc_vi,desc_en,mfn,acfta\n01012100,Mẫu,Sample,12.5,0\n")
    (loaded,) = load_reference(home, tariff)
    assert loaded.status == "loaded", loaded
    verdict = Verdict("gate1", "5" * 64, "1.24.1", 0, ())
    store_verdict(verdict, home.runs / "run-1")
    Ledger(home.ledger).append(
        "verdict",
        {
            "run_id": "run-1",
            "gate": "gate1",
            "subject_hash": verdict.subject_hash,
            "passed": verdict.passed,
            "verdict_sha256": verdict.document()["verdict_sha256"],
        },
    )
    publish(home)
    publish(home)
    return home


@pytest.fixture
def home(whole: Home, tmp_path: Path) -> Home:
    shutil.copytree(whole.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def flip(path: Path) -> None:
    """One bit in the middle of a read-only file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.chmod(0o640)
    path.write_bytes(content)


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


DAMAGES: dict[str, Callable[[Home], Path]] = {
    "input": lambda home: only(home.inputs, "*/*"),
    "raw rows": lambda home: only(home.raw, "parcel_manifest/*/*.parquet"),
    "quarantine": lambda home: only(home.quarantine, "parcel_manifest/*.parquet"),
    "reference": lambda home: only(home.reference, "*/*.parquet"),
    "verdict": lambda home: home.runs / "run-1" / "gate1.json",
    "manifest": lambda home: only(home.releases, "r000001*/manifest.json"),
    "release file": lambda home: only(home.releases, "r000002*/ministry/warehouse.duckdb"),
    "listing": lambda home: only(home.releases, "r000002*/history.json"),
    "content": lambda home: only(home.releases, "r000001*/content.json"),
    "history": lambda home: only(home.history, "core.fct_consignments/day=*/*.parquet"),
}


def test_an_untouched_home_is_whole(home: Home) -> None:
    for deep in (False, True):
        done = audit(home, deep=deep)
        assert done.findings == ()
        assert (done.end.seq, done.heads, done.releases) == (5, 2, 2)
    # input, raw, quarantine, reference, verdict
    assert done.files == 5
    assert done.to_json()["verified"] is True


def test_a_filed_edition_is_read_too(home: Home) -> None:
    edition = filed(home, told())
    assert audit(home, deep=True).findings == ()
    path = home.root / edition.folder / "content.json"
    flip(path)
    assert audit(home).findings == (), "without --deep no file is read"
    [finding] = audit(home, deep=True).findings
    assert (finding.where, str(path) in finding.what) == (edition.folder, True)


@pytest.mark.parametrize("what", DAMAGES)
def test_a_flipped_bit_and_a_missing_file_are_named(home: Home, what: str) -> None:
    path = DAMAGES[what](home)
    named = str(path.relative_to(home.root))
    flip(path)
    if what != "manifest":  # a manifest is read by every audit
        assert audit(home).findings == (), "without --deep no file is read"
    flipped = audit(home, deep=True).findings
    assert named in " ".join(f"{finding.where} {finding.what}" for finding in flipped)
    path.unlink()
    missing = audit(home, deep=True).findings
    assert any(path.name in finding.where for finding in missing), missing


@pytest.mark.parametrize("harm", ["flipped", "missing"])
def test_a_damaged_document_of_a_risk_model_is_named(home: Home, harm: str) -> None:
    path = document(home, candidate(home))
    assert audit(home, deep=True).findings == ()
    if harm == "flipped":
        flip(path)
    else:
        path.unlink()
    (finding,) = audit(home, deep=True).findings
    assert finding.where == f"models/{path.name}"


def test_a_file_that_does_not_belong_into_a_release_is_named(home: Home) -> None:
    folder = only(home.releases, "r000001*")
    (folder / "customs" / "warehouse.duckdb.wal").write_bytes(b"x")
    (finding,) = audit(home, deep=True).findings
    assert "does not belong" in finding.what


def test_a_tail_cut_together_with_its_head_is_found_by_what_releases_published(home: Home) -> None:
    ledger = Ledger(home.ledger)
    lines = ledger.path.read_text().splitlines(keepends=True)
    noted = parse_head(f"5:{json.loads(lines[4])['hash']}")
    for kept in range(5):
        last = {} if kept == 0 else json.loads(lines[kept - 1])
        ledger.path.write_text("".join(lines[:kept]))
        head = {"seq": kept, "hash": last["hash"]} if kept else {"seq": 0, "hash": "0" * 64}
        ledger.head_path.write_text(json.dumps(head, sort_keys=True, separators=(",", ":")) + "\n")
        assert ledger.verify() == kept, "the chain and its head alone look whole"
        assert audit(home).findings != ()
        cut = [item.what for item in audit(home, heads=[noted]).findings]
        assert any("command line saw entry 5: the tail was cut" in what for what in cut)


def test_a_chain_written_anew_is_found_by_what_releases_published(home: Home) -> None:
    ledger = Ledger(home.ledger)
    entries = ledger.entries()
    ledger.path.unlink()
    ledger.head_path.unlink()
    for entry in entries:
        ledger.append(entry.kind, {**entry.body, "sha256": "0" * 64})
    whats = [finding.what for finding in audit(home).findings]
    assert len([what for what in whats if "written anew" in what]) == 2


def test_files_that_the_ledger_says_are_gone_are_not_missed(home: Home) -> None:
    ledger = Ledger(home.ledger)
    body = ledger.entries()[0].body
    paths = [body["raw_file"], f"inputs/sha256/{body['sha256'][:2]}/{body['sha256']}"]
    ledger.append("retention", {"files": [{"path": path} for path in paths]})
    for path in paths:
        (home.root / path).unlink()
    assert audit(home, deep=True).findings == ()
    rekeyed = home.root / body["quarantine_file"]
    ledger.append("delivery", body)
    said = {"seq": 1, "raw_file": str(rekeyed.relative_to(home.root)), "raw_sha256": "0" * 64}
    ledger.append("rotation", {"new_key_id": "k2", "files": [said]})
    found = [finding.where for finding in audit(home, deep=True).findings]
    assert body["raw_file"] not in found
    assert said["raw_file"] in found
    assert paths[1] in found, "negative control: delivered again, so missed again"


def test_a_broken_chain_stops_the_audit(home: Home) -> None:
    flip(home.ledger)
    with pytest.raises(WarehouseError, match="ledger entry"):
        audit(home, deep=True)


@pytest.mark.parametrize("text", ["", "5", "5:abc", "x:" + "a" * 64, "-1:" + "a" * 64])
def test_a_senseless_head_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="no head"):
        parse_head(text)


def test_a_manifest_with_any_changed_byte_is_a_finding_and_hides_no_other(home: Home) -> None:
    manifest = only(home.releases, "r000001*/manifest.json")
    damaged = DAMAGES["raw rows"](home)
    flip(damaged)
    good = manifest.read_bytes()
    manifest.chmod(0o640)
    chosen = random.Random(SEED)
    for at in sorted(chosen.sample(range(len(good)), 60)):
        manifest.write_bytes(good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :])
        found = [finding.where for finding in audit(home, deep=True).findings]
        assert any(where.endswith("manifest.json") for where in found), (at, good[at : at + 20])
        assert str(damaged.relative_to(home.root)) in found


def test_a_release_that_died_before_its_entry_is_entered_by_the_next_run(home: Home) -> None:
    ledger = Ledger(home.ledger)
    facts = {"run_id": "run-2", "ledger_head": ledger.head().to_json()}
    release_id = publish_work(home, days=[DAY], run_facts=facts)
    (finding,) = audit(home).findings
    assert (finding.where, "no entry says so" in finding.what) == (f"releases/{release_id}", True)
    entered = record_unrecorded(home)
    assert entered is not None
    assert (entered.body["release_id"], entered.body["recorded_later"]) == (release_id, True)
    assert entered.body["run_id"] == "run-2"
    assert audit(home, deep=True).findings == ()
    assert record_unrecorded(home) is None
    assert ledger.verify() == 6
