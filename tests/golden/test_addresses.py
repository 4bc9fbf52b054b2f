"""How well addresses are taken apart: 394 labelled ones, half of them held back from tuning.

The labels were written before and without the parser: 240 by rule from our own vocabulary
(address_rules.py), 154 hard ones by hand. The parser was tuned on addresses_tuning.csv alone;
addresses_heldback.csv says what is claimed, and the floors below are what was measured there.
Both hands are ours, so real addresses will do somewhat worse.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from contracts.base import PLACE_COLUMNS
from ingest.places import addresses
from ingest.places.localities import PlaceFinder
from tests.golden.address_rules import FILES, PARTS, key, read_cases, rule_cases

HELD_BACK = FILES[1]
# Share of held-back addresses that must come out right, per origin: measured, rounded down.
FLOORS = {
    "rule": dict.fromkeys((*PARTS, "all parts"), 1.0),
    "hand": {
        "house": 0.98, "alley": 0.98, "street": 0.91, "ward": 0.91, "district": 0.98,
        "province_code": 0.98, "old_province_code": 0.98, "all parts": 0.87,
    },
}  # fmt: skip
# What reaches raw in clear: the share that is right, and how many may be stated wrongly of 182.
CLEAR_FLOORS = {
    "province_code": (0.99, 0), "old_province_code": (0.99, 0), "district_folded": (0.98, 0),
    "ward_folded": (0.95, 3),
}  # fmt: skip


def parsed(texts: Sequence[str]) -> list[dict[str, Any]]:
    with addresses.connection() as connection:
        connection.register("cases", pa.table({"folded": [key(text).strip() for text in texts]}))
        found = connection.execute(addresses.parsing_query("cases", "folded"))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def accuracy(cases: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Part -> share of the cases in which it is exactly the label (empty: not stated)."""
    right: Counter[str] = Counter()
    for case, found in zip(cases, parsed([case["address"] for case in cases]), strict=True):
        agreeing = [part for part in PARTS if (found[part] or "") == case[part]]
        right.update(agreeing)
        right["all parts"] += len(agreeing) == len(PARTS)
    return {part: right[part] / len(cases) for part in (*PARTS, "all parts")}


@pytest.mark.parametrize("origin", FLOORS)
def test_held_back_addresses_are_taken_apart(
    origin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [case for case in read_cases(HELD_BACK) if case["origin"] == origin]
    measured = accuracy(cases)
    with capsys.disabled():
        shares = ", ".join(f"{part} {share:.1%}" for part, share in measured.items())
        print(f"\naddresses held back, {origin}, {len(cases)}: {shares}")
    assert len(cases) >= 60
    assert {p: s for p, s in measured.items() if s < FLOORS[origin][p]} == {}


def test_what_stays_in_clear_is_hardly_ever_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """A coarse part that is missing costs a statistic; a wrong one misleads: counted apart."""
    cases = read_cases(HELD_BACK)
    texts = pa.array([key(case["address"]).strip() for case in cases])
    with duckdb.connect() as connection:
        columns = PlaceFinder(connection).find(texts)
    for name, column in zip(PLACE_COLUMNS, columns, strict=True):
        label = name.removesuffix("_folded")
        pairs = [
            (found or "", case[label])
            for found, case in zip(column.to_pylist(), cases, strict=True)
        ]
        share = sum(found == stated for found, stated in pairs) / len(pairs)
        wrong = sum(found not in ("", stated) for found, stated in pairs)
        with capsys.disabled():
            print(f"\nin clear, {name}: {share:.1%} right, {wrong} of {len(pairs)} wrong", end="")
        assert share >= CLEAR_FLOORS[name][0], name
        assert wrong <= CLEAR_FLOORS[name][1], name


def test_the_labelled_set_is_what_the_rules_make_and_large_enough() -> None:
    sets = [read_cases(path) for path in FILES]
    assert sum(map(len, sets)) >= 300
    for number, cases in enumerate(sets):
        assert [case for case in cases if case["origin"] == "rule"] == list(rule_cases(number))
    hand = [[case["address"] for case in cases if case["origin"] == "hand"] for cases in sets]
    assert not set(hand[0]) & set(hand[1])
    assert len(hand[1]) >= 60


def test_a_wrong_label_would_be_seen() -> None:
    case = {"address": "12 Nguyễn Trãi, Quận 1, TP.HCM", **dict.fromkeys(PARTS, "")}
    assert accuracy([case])["house"] == 0.0
    assert accuracy([case])["alley"] == 1.0
