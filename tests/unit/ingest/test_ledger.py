"""The ledger shows every tampering: a changed entry, a removed one, a cut tail (row 74)."""

from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from ingest.store.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    filled = Ledger(tmp_path / "inputs" / "ledger.jsonl")
    for number in range(5):
        filled.append("run", {"number": number})
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


def test_a_removed_entry_and_a_cut_tail_show(ledger: Ledger) -> None:
    lines = ledger.path.read_text().splitlines(keepends=True)
    ledger.path.write_text("".join(lines[:2] + lines[3:]))
    with pytest.raises(WarehouseError, match="entry 3"):
        ledger.verify()
    ledger.path.write_text("".join(lines[:3]))
    with pytest.raises(WarehouseError, match="the tail is cut"):
        ledger.verify()
    with pytest.raises(WarehouseError, match="the tail is cut"):
        ledger.append("run", {})


def test_a_crash_before_the_head_or_inside_a_line_is_survived(ledger: Ledger) -> None:
    old_head = ledger.head_path.read_text()
    ledger.append("run", {"number": 5})
    ledger.head_path.write_text(old_head)
    assert ledger.verify() == 6
    with ledger.path.open("a") as stream:
        stream.write('{"seq":7,"torn')
    assert ledger.append("run", {"number": 6}).seq == 7
    assert ledger.verify() == 7


def test_discarding_needs_a_delivery(ledger: Ledger) -> None:
    with pytest.raises(WarehouseError, match="no accepted delivery"):
        ledger.discard("ab" * 32, "reason", "person")
