"""Results of inspections at the door: a row that contradicts itself is set aside, with its reason.

What several rows of one inspection say is gate 1's (test_gate1_rules.py).
"""

import datetime as dt
from pathlib import Path

import pytest

from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.store.quarantine import Selection, violations

DAY = dt.date(2026, 11, 13)
HEADER = "inspection_id,consignment_reference,selection_method,result,finding_type"
HEADER += ",inspected_at,known_at"
SOUND = {
    "nothing was found": "1,P,random,no_finding,none,2026-11-11 10:00:00,2026-11-12 10:00:00",
    "something was": "1,P,random,finding,origin,2026-11-11 10:00:00,2026-11-12 10:00:00",
    "of no stated type": "1,P,random,finding,unspecified,2026-11-11 10:00:00,2026-11-12 10:00:00",
    "it waits for a suspicion": "1,P,score,pending,origin,2026-11-11 10:00:00,2026-11-12 10:00:00",
    "known at once": "1,P,random,finding,origin,2026-11-12 10:00:00,2026-11-12 10:00:00",
    "a day alone": "1,P,random,finding,origin,2026-11-12 23:59:59,2026-11-12 00:00:00",
    "nobody says when": "1,P,random,finding,origin,,2026-11-12 10:00:00",
}
CONTRADICTIONS = {
    "1,P,random,finding,none,2026-11-11 10:00:00,2026-11-12 10:00:00": (
        "finding_type", "codes_contradict",
    ),
    "1,P,random,no_finding,origin,2026-11-11 10:00:00,2026-11-12 10:00:00": (
        "finding_type", "codes_contradict",
    ),
    "1,P,random,finding,origin,2026-11-12 00:00:00,2026-11-11 23:59:59": (
        "known_at", "before_other_time",
    ),
}  # fmt: skip


def delivered(root: Path, row: str) -> tuple[int, list[tuple[str, str]]]:
    """Accepted rows of a file of `row`, and (field, reason) of what was set aside."""
    home, path = Home(root / "home"), root / "results.csv"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    (outcome,) = deliver(
        home, [path], received_date=DAY, key=PseudonymKey.demonstration(),
        source="inspection_outcome",
    )  # fmt: skip
    assert outcome.status == "accepted"
    assert outcome.accepted + outcome.quarantined == 1
    found = violations(home, Selection()).shown
    return outcome.accepted, [(row["column_name"], row["reason_code"]) for row in found]


@pytest.mark.parametrize("case", SOUND)
def test_a_result_that_agrees_with_itself_is_accepted(case: str, tmp_path: Path) -> None:
    assert delivered(tmp_path, SOUND[case]) == (1, [])


@pytest.mark.parametrize("row", CONTRADICTIONS)
def test_a_result_that_contradicts_itself_is_set_aside(row: str, tmp_path: Path) -> None:
    assert delivered(tmp_path, row) == (0, [CONTRADICTIONS[row]])
