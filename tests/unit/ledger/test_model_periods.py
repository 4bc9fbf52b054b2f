"""Which model counts on a day: promotions in the order of the ledger, each from its day on.

Claims nothing about documents: no file is opened here.
"""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import GENESIS, Entry
from ledger.model_periods import (
    CANDIDATE,
    PROMOTION,
    Period,
    candidates,
    period_on,
    periods,
    periods_of_versions,
)

Told = tuple[str | None, int]  # (version, day of March from which it counts)


def day(number: int) -> dt.date:
    return dt.date(2026, 3, 1) + dt.timedelta(days=number - 1)


def promotions(*told: Told, risk_type: str = "splitting", seq: int = 0) -> list[Entry]:
    return [
        Entry.sealed(
            number,
            GENESIS,
            PROMOTION,
            {
                "version": version,
                "risk_type": risk_type,
                "valid_from": day(first).isoformat(),
                "reason": f"reason {number}",
                "signed_by": "an officer",
            },
        )
        for number, (version, first) in enumerate(told, start=seq + 1)
    ]


def spans(found: tuple[Period, ...]) -> list[tuple[str | None, int, int | None]]:
    """(version, first day, last day) of March."""
    return [(one.version, one.valid_from.day, one.valid_to and one.valid_to.day) for one in found]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([("a", 5)], [("a", 5, None)]),
        ([("a", 5), ("b", 9)], [("a", 5, 8), ("b", 9, None)]),
        # from an earlier day on: it takes the place of all that stood there and later
        ([("a", 5), ("b", 9), ("c", 3)], [("c", 3, None)]),
        ([("a", 5), ("b", 9), ("c", 7)], [("a", 5, 6), ("c", 7, None)]),
        # twice for the same day: the later one stands
        ([("a", 5), ("b", 5)], [("b", 5, None)]),
        # the way back
        ([("a", 5), ("b", 9), ("a", 9)], [("a", 5, 8), ("a", 9, None)]),
        # the expert's points again, and a model after that
        ([("a", 5), (None, 9)], [("a", 5, 8), (None, 9, None)]),
        ([("a", 5), (None, 9), ("b", 12)], [("a", 5, 8), (None, 9, 11), ("b", 12, None)]),
        # a day earlier than the end of an ended period leaves what ended before as it was
        ([("a", 5), ("b", 9), ("c", 20), ("d", 10)], [("a", 5, 8), ("b", 9, 9), ("d", 10, None)]),
    ],
)
def test_promotions_are_applied_in_their_order(
    told: list[Told], expected: list[tuple[str | None, int, int | None]]
) -> None:
    assert spans(periods(promotions(*told))["splitting"]) == expected


def test_before_the_first_period_nothing_was_promoted() -> None:
    (of_type,) = periods(promotions(("a", 5))).values()
    assert period_on(of_type, day(4)) is None
    assert period_on(of_type, day(5)) == of_type[0]
    assert period_on(of_type, day(300)) == of_type[0]
    assert periods([]) == {}


def test_risk_types_do_not_touch_each_other() -> None:
    entries = [
        *promotions(("a", 5)),
        *promotions(("x", 2), (None, 6), risk_type="origin", seq=1),
    ]
    found = periods(entries)
    assert list(found) == ["origin", "splitting"]
    assert spans(found["splitting"]) == [("a", 5, None)]
    assert [one.version for one in periods_of_versions(found)] == ["x", "a"]


def test_a_period_names_its_own_promotion() -> None:
    first, second = periods(promotions(("a", 5), ("a", 9)))["splitting"]
    assert (first.reason, first.seq, second.reason, second.seq) == ("reason 1", 1, "reason 2", 2)


def test_a_candidate_is_what_its_entry_says() -> None:
    body = {
        "version": "splitting-2026-03-01-0a1b2c3d", "risk_type": "splitting",
        "file": "models/splitting-2026-03-01-0a1b2c3d.json", "sha256": "a" * 64,
        "trained_on_from": "2026-02-01", "trained_on_to": "2026-03-01", "labels": 9, "findings": 2,
    }  # fmt: skip
    entries = [Entry.sealed(1, GENESIS, CANDIDATE, body), *promotions(("b", 1), seq=1)]
    (one,) = candidates(entries).values()
    assert (one.version, one.sha256, one.labels) == (body["version"], "a" * 64, 9)
    assert (one.trained_on_from, one.trained_on_to) == (dt.date(2026, 2, 1), day(1))


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(min_value=1, max_value=20)),
        min_size=1,
        max_size=8,
    )
)
def test_every_day_has_what_was_promoted_last_from_that_day_or_before(told: list[Told]) -> None:
    """The rule said anew, day by day; and periods follow each other without overlap or hole."""
    of_type = periods(promotions(*told))["splitting"]
    for number in range(25):
        last = None
        for seq, (_, first) in enumerate(told, start=1):
            if first <= number:
                last = seq
        found = period_on(of_type, day(number))
        assert (found and found.seq) == last
    for one, two in pairwise(of_type):
        assert one.valid_to == two.valid_from - dt.timedelta(days=1)
    assert of_type[-1].valid_to is None
