"""The heuristic and the linear programmes on systems of a few cells, by hand.

Claims nothing about tables; test_attack.py does.
"""

from collections.abc import Sequence

import numpy as np
import pytest

from disclosure.audit import audit, interval
from disclosure.relations import Relations
from disclosure.suppress import System, hide_more, no_changes


def system(
    value: Sequence[float],
    sums: Sequence[tuple[int, Sequence[int]]],
    need: dict[int, float],
    *,
    fixed: Sequence[int] = (),
    owner: dict[int, int] | None = None,
    together: Sequence[tuple[int, ...]] = (),
) -> System:
    """Cells and sums (total, members); what has a need is hidden, what is fixed stays published."""
    row, cell, sign = [], [], []
    for number, (total, members) in enumerate(sums):
        row += [number] * (1 + len(members))
        cell += [total, *members]
        sign += [1] + [-1] * len(members)
    many = len(value)
    needs = np.array([need.get(i, 0.0) for i in range(many)])
    owners = np.full((many, 1), -1, np.int64)
    for i, number in (owner or {}).items():
        owners[i, 0] = number
    relations = Relations(np.array(row), np.array(cell), np.array(sign, np.int8), np.zeros(0))
    free = (needs == 0) & ~np.isin(np.arange(many), fixed)
    values = np.array(value, float)
    group = np.arange(many)
    for same in together:
        group[list(same)] = same[0]
    return System(
        values, needs, needs > 0, free, owners, values.copy(), relations, no_changes(), group
    )  # fmt: skip


# Handbook, example 3: rows 7, 3, 6, columns 9 and 7; the first two rows are hidden inside.
#   x11 x12 | 7        cells 0 1 | 6
#   x21 x22 | 3              2 3 | 7
#     3   3 | 6              4 5 | 8
#     9   7 | 16             9 10| 11
THREE = [5, 2, 1, 2, 3, 3, 7, 3, 6, 9, 7, 16]
SUMS = [
    (6, (0, 1)),
    (7, (2, 3)),
    (8, (4, 5)),
    (9, (0, 2, 4)),
    (10, (1, 3, 5)),
    (11, (6, 7, 8)),
    (11, (9, 10)),
]


def test_the_interval_of_the_handbook() -> None:
    found = system(THREE, SUMS, {0: 1.0})
    hidden = np.isin(np.arange(12), (0, 1, 2, 3))
    assert interval(found, hidden, 0) == pytest.approx((3.0, 6.0))


def test_a_row_and_a_column_are_closed_by_a_rectangle() -> None:
    # Cell 0 must move by 1: three more corners, the cheapest, and nothing else.
    found = system(THREE, SUMS, {0: 1.0})
    hidden = hide_more(found, found.hidden)
    assert np.flatnonzero(hidden).tolist() == [0, 1, 2, 3]
    proven = audit(found, hidden)
    assert (proven.proven, proven.added, proven.unprotected) == (1, 0, [])


def test_the_audit_alone_finds_what_must_be_hidden() -> None:
    found = system(THREE, SUMS, {0: 1.0})
    proven = audit(found, found.hidden)
    assert proven.proven == 1
    assert proven.added >= 3
    low, high = interval(found, proven.hidden, 0)
    assert low <= 4.0 + 1e-6
    assert high >= 6.0 - 1e-6


def test_a_partner_that_is_too_small_does_not_do() -> None:
    # 100 = 60 + 2 + 38; cell 1 needs 6, and 2 has only 2 to give: 38 is hidden, too.
    found = system([100, 60, 2, 38], [(0, (1, 2, 3))], {1: 6.0, 2: 0.2}, fixed=(0,))
    assert np.flatnonzero(hide_more(found, found.hidden)).tolist() == [1, 2, 3]


def test_two_cells_that_know_each_other_need_a_third() -> None:
    # 10 = 3 + 2 + 5, the first two of one contributor each: with names or without, a third joins.
    for owner in ({1: 0, 2: 1}, {1: -2, 2: -2}):
        found = system([10, 3, 2, 5], [(0, (1, 2, 3))], {1: 0.3, 2: 0.2}, owner=owner)
        assert np.flatnonzero(hide_more(found, found.hidden)).tolist() == [1, 2, 3]


def test_two_cells_of_many_contributors_are_enough() -> None:
    found = system([10, 3, 2, 5], [(0, (1, 2, 3))], {1: 0.3, 2: 0.2})
    assert np.flatnonzero(hide_more(found, found.hidden)).tolist() == [1, 2]


def test_a_contributor_of_two_cells_learns_no_third() -> None:
    # 1 and 2 are one contributor's: he would reckon 3 (sensitive) from 10 - 3 - 2; 4 joins.
    found = system(
        [14, 3, 2, 5, 4],
        [(0, (1, 2, 3, 4))],
        {1: 0.3, 2: 0.2, 3: 0.5},
        owner={1: 7, 2: 7},
    )
    assert np.flatnonzero(hide_more(found, found.hidden)).tolist() == [1, 2, 3, 4]


def test_what_nothing_can_protect_is_named() -> None:
    # All but cell 1 is published for good: 10 - 7 = 3.
    found = system([10, 3, 7], [(0, (1, 2))], {1: 0.3}, fixed=(0, 2))
    hidden = hide_more(found, found.hidden)
    assert audit(found, hidden).unprotected == [1]


def test_sizes_far_apart_are_proven_each_at_its_own_scale() -> None:
    # Two rectangles under one total, one a million times the other.
    small = [5, 2, 1, 2, 3, 3, 7, 3, 6, 9, 7, 16]
    value = [*(1e9 * x for x in small), *small]
    sums = SUMS + [(total + 12, tuple(m + 12 for m in members)) for total, members in SUMS]
    found = system(value, sums, {0: 1e9, 12: 1.0})
    proven = audit(found, hide_more(found, found.hidden))
    assert proven.proven == 2
    for cell in (0, 12):
        low, high = interval(found, proven.hidden, cell)
        assert high - found.value[cell] >= found.need[cell] * (1 - 1e-6)
        assert found.value[cell] - low >= found.need[cell] * (1 - 1e-6)


def test_what_one_block_needs_is_hidden_in_its_twin() -> None:
    """The same table twice, of another measure: its cells i and i + 12 are hidden together."""
    sums = [*SUMS, *((total + 12, [one + 12 for one in members]) for total, members in SUMS)]
    twins = [(at, at + 12) for at in range(12)]
    dear = [*THREE, *(1000 - value for value in THREE)]
    found = system(dear, sums, {0: 1.0}, together=twins)
    for hidden in (hide_more(found, found.hidden), audit(found, found.hidden).hidden):
        assert hidden[1:12].tolist() == hidden[13:].tolist()
        assert hidden[13:].any()
    alone = system(dear, sums, {0: 1.0})
    assert not audit(alone, hide_more(alone, alone.hidden)).hidden[12:].any()


def test_a_twin_that_is_public_already_stays_so() -> None:
    sums = [*SUMS, *((total + 12, [one + 12 for one in members]) for total, members in SUMS)]
    twins = [(at, at + 12) for at in range(12)]
    found = system([*THREE, *THREE], sums, {0: 1.0}, fixed=range(12, 24), together=twins)
    assert not audit(found, hide_more(found, found.hidden)).hidden[12:].any()
