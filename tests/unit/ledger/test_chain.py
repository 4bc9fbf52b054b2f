"""The ledger shows every tampering: a changed byte, a removed entry, a cut tail (row 74).

Not claimed: that a ledger, its head and every copy of a published head, all rewritten by someone
who may write everything, show anything.
"""

import json
import os
import random
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from ledger import chain as module
from ledger.chain import Ledger
from ledger.entries import LedgerState, bound_key_id, standing_deliveries, standing_delivery

SEED = 20261127
# One body of every kind that the warehouse writes, with text of every class of bytes: escapes,
# Vietnamese, digits, hex, true/null, empty containers, a control character.
BODIES = [
    ("delivery", {"status": "accepted", "sha256": "a" * 64, "source": "parcel_manifest",
                  "key_id": "k1", "raw_file": "raw/a.parquet", "quarantine_file": None,
                  "file": "gói 'hàng' \u001b \\ \" .csv", "warnings": [], "accepted": 12}),
    ("verdict", {"run_id": "r-1", "gate": "gate1", "passed": True, "failures": [], "waivers": {}}),
    ("run", {"run_id": "r-1", "status": "published", "share": 0.25}),
    ("release", {"release_id": "r000001-0123abcd", "inputs": ["a" * 64], "from_day": "2026-11-01"}),
    ("reference", {"kind": "vn_tariff", "sha256": "b" * 64, "rows": 3}),
    ("retention", {"files": [{"path": "inputs/x", "sha256": "c" * 64}], "reason": "quá hạn"}),
    ("rotation", {"old_key_id": "k1", "new_key_id": "k2",
                  "files": [{"seq": 1, "raw_file": "raw/b.parquet", "raw_sha256": "d" * 64}]}),
    ("discard", {"sha256": "e" * 64, "reason": "nhầm", "signed_by": "một người"}),
]  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    filled = Ledger(tmp_path / "inputs" / "ledger.jsonl")
    for number in range(5):
        filled.append("run", {"number": number})
    return filled


@pytest.fixture
def every_kind(tmp_path: Path) -> Ledger:
    filled = Ledger(tmp_path / "kinds" / "ledger.jsonl")
    for kind, body in BODIES:
        filled.append(kind, body)
    return filled


def test_an_untouched_ledger_verifies(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.verify() == 5
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3, 4, 5]
    assert Ledger(tmp_path / "none.jsonl").verify() == 0


@pytest.mark.parametrize("entry", [1, 3, 5])
def test_a_changed_entry_is_named(ledger: Ledger, entry: int) -> None:
    lines = ledger.path.read_text().splitlines(keepends=True)
    lines[entry - 1] = lines[entry - 1].replace('"number":', '"number":7')
    ledger.path.write_text("".join(lines))
    with pytest.raises(WarehouseError, match=f"entry {entry} was changed"):
        ledger.verify()


@pytest.mark.parametrize("line", range(1, len(BODIES) + 1))
def test_every_changed_byte_of_every_kind_of_entry_is_found_in_its_line(
    every_kind: Ledger, line: int
) -> None:
    """Each byte of the line in turn: a bit flipped, its case changed, a digit or a line end."""
    lines = every_kind.path.read_bytes().splitlines(keepends=True)
    chosen = random.Random(SEED + line)
    unnoticed = []
    for at, byte in enumerate(lines[line - 1]):
        others = sorted({byte ^ (1 << chosen.randrange(8)), byte ^ 0x20, *b"7\n"} - {byte})
        changed = bytearray(lines[line - 1])
        changed[at] = chosen.choice(others)
        every_kind.path.write_bytes(b"".join([*lines[: line - 1], changed, *lines[line:]]))
        said = complaint(every_kind)
        if f"line {line}" not in said and "the tail is cut" not in said:
            unnoticed.append((at, byte, changed[at], said))
    assert unnoticed == []
    every_kind.path.write_bytes(b"".join(lines))
    assert complaint(every_kind) == "", "negative control: nothing changed, nothing found"


def complaint(ledger: Ledger) -> str:
    """What verify finds; empty when it finds nothing."""
    try:
        ledger.verify()
    except WarehouseError as error:
        return str(error)
    return ""


def test_every_changed_byte_of_the_head_is_found(every_kind: Ledger) -> None:
    good = every_kind.head_path.read_bytes()
    unnoticed = []
    for at, byte in enumerate(good):
        for other in {byte ^ 1, byte ^ 0x20, ord(" "), ord("9")} - {byte}:
            every_kind.head_path.write_bytes(good[:at] + bytes([other]) + good[at + 1 :])
            if not complaint(every_kind):
                unnoticed.append((at, byte, other))
    assert unnoticed == []


def test_a_removed_entry_and_a_cut_tail_show(ledger: Ledger) -> None:
    lines = ledger.path.read_text().splitlines(keepends=True)
    ledger.path.write_text("".join(lines[:2] + lines[3:]))
    with pytest.raises(WarehouseError, match="entry 3"):
        ledger.verify()
    for kept in range(4):
        ledger.path.write_text("".join(lines[:kept]))
        with pytest.raises(WarehouseError, match="the tail is cut"):
            ledger.verify()
        with pytest.raises(WarehouseError, match="the tail is cut"):
            ledger.append("run", {})
    ledger.path.unlink()
    with pytest.raises(WarehouseError, match="the tail is cut"):
        ledger.append("run", {})


def test_a_crash_before_the_head_or_inside_a_line_is_survived(ledger: Ledger) -> None:
    old_head = ledger.head_path.read_text()
    ledger.append("run", {"number": 5})
    ledger.head_path.write_text(old_head)
    assert ledger.verify() == 6
    torn = '{"seq":7,"torn' + "x" * 200_000  # longer than what is read at once
    for _ in range(2):
        ledger.append("run", {"number": 6})
        count = ledger.verify()
        with ledger.path.open("a") as stream:
            stream.write(torn)
        assert ledger.verify() == count, "a half-written line was never acknowledged"
        assert len(ledger.entries()) == count
        assert ledger.append("run", {"long": "y" * 200_000}).seq == count + 1
        assert ledger.verify() == count + 1


def test_an_acknowledged_line_that_lost_its_end_is_not_cut_away(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:-1])
    with pytest.raises(WarehouseError, match="the tail is cut"):
        ledger.append("run", {})
    assert ledger.path.read_bytes() == whole[:-1], "the evidence must stay"


def test_the_file_is_read_once_and_then_what_others_wrote(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An append of a process that has read nothing reads one line."""
    read: list[bytes] = []
    honest = module.parsed

    def counted(line: bytes, *rest: object) -> object:
        read.append(line)
        return honest(line, *rest)

    assert len(ledger.entries()) == 5
    monkeypatch.setattr(module, "parsed", counted)
    mine = ledger.append("run", {"number": 5})
    assert Ledger(ledger.path).entries()[5:] == [mine]
    assert ledger.append_with(lambda entries: ("run", {"after": len(entries)})).seq == 7
    assert read == [], "everything was known"
    if (child := os.fork()) == 0:
        monkeypatch.setattr(module, "_known", {})
        Ledger(ledger.path).append("run", {"number": 7})
        os._exit(len(read))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert len(ledger.entries()) == 8
    assert [json.loads(line)["seq"] for line in read] == [8], "what was new, once"
    assert ledger.verify() == 8
    assert len(ledger.entries()) == 8


def test_what_another_process_wrote_and_what_was_replaced_are_seen(ledger: Ledger) -> None:
    assert len(ledger.entries()) == 5
    if (child := os.fork()) == 0:
        Ledger(ledger.path).append("run", {"number": "of a child"})
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert ledger.entries()[-1].body == {"number": "of a child"}
    lines = ledger.path.read_text().splitlines(keepends=True)
    ledger.path.write_text("".join(lines[:3]))
    assert len(ledger.entries()) == 3
    other = ledger.path.with_name("restored")
    other.write_text("".join(lines))
    other.replace(ledger.path)
    assert len(ledger.entries()) == 6
    in_place = "".join(lines).replace('"number":3', '"number":8')
    ledger.path.write_text(in_place)
    os.utime(ledger.path, ns=(0, 0))
    assert ledger.entries()[3].body == {"number": 8}, "a look shows the file; verify judges it"


def test_the_state_kept_up_to_date_is_that_of_all_entries(tmp_path: Path) -> None:
    """Any order of deliveries, discards, rotations and removals; old snapshots stay as they are."""
    chosen = random.Random(SEED)
    filled = Ledger(tmp_path / "random" / "ledger.jsonl")
    snapshots = [filled.entries()]
    for _ in range(150):
        sha = chosen.choice("abcdef") * 64
        kind = chosen.choice(["delivery"] * 6 + ["discard", "retention", "rotation"])
        if kind == "delivery":
            body = {
                "sha256": sha, "source": chosen.choice(["x", "y"]), "key_id": "k1",
                "status": chosen.choice(["accepted", "accepted", "refused"]),
                "raw_file": f"raw/{chosen.randrange(9)}", "quarantine_file": f"q/{sha[:1]}",
            }  # fmt: skip
        elif kind == "rotation":
            body = {
                "new_key_id": f"k{chosen.randrange(9)}",
                "files": [
                    {"seq": entry.seq, "raw_file": f"new/{entry.seq}", "raw_sha256": "f" * 64}
                    for entry in standing_deliveries(filled.entries())
                ],
            }
        elif kind == "retention":
            body = {"files": [{"path": f"raw/{chosen.randrange(9)}"}, {"path": f"q/{sha[:1]}"}]}
        else:
            body = {"sha256": sha}
        filled.append(kind, body)
        snapshots.append(filled.entries())
    for count, snapshot in enumerate(snapshots):
        again = LedgerState.of(snapshots[-1][:count])
        assert snapshot.state == again
        assert bound_key_id(snapshot) == again.bound_key_id
        for key, entry in again.standing.items():
            assert standing_delivery(snapshot, *key) == entry
    assert any(len(snapshot.state.standing) > 3 for snapshot in snapshots), "the test must bite"


def test_discarding_needs_a_delivery(ledger: Ledger) -> None:
    with pytest.raises(WarehouseError, match="no accepted delivery"):
        ledger.discard("ab" * 32, "reason", "person")
