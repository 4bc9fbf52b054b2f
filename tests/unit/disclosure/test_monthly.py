"""What the month's flows hand to disclosure control: value and parcels, each with who contributes.

NOT claimed: the rules themselves (tests/unit/disclosure).
"""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from disclosure.cells import ROLES
from disclosure.monthly import MEASURES, PARCELS, VALUE, cells_of, hierarchies_of, treated_month
from disclosure.parameters import load
from disclosure.treat import treat


def row(dimension: str, member: str, role: str = "operator", **stated: Any) -> dict[str, Any]:
    return {
        "dimension": dimension,
        "member_code": member,
        "contributor_role": role,
        "total_vnd": Decimal(100),
        "contributor_count": 4,
        "largest_contribution_vnd": Decimal(40),
        "second_contribution_vnd": Decimal(20),
        "unknown_contribution_vnd": Decimal(0),
        "total_parcel_count": 50,
        "largest_contribution_parcel_count": 12,
        "second_contribution_parcel_count": 9,
        "unknown_contribution_parcel_count": 0,
    } | stated


def test_what_is_not_named_counts_with_the_largest() -> None:
    cells = cells_of([row("channel", "express", unknown_contribution_vnd=Decimal(30))], "2026-11")
    found = cells.row(0, named=True)
    assert (found["operator_count"], found["operator_largest"]) == (4, 70.0)
    assert (found["operator_second"], found["d_channel"]) == (20.0, "express")
    # a role that no row speaks of is unknown, which disclosure control takes for unsafe
    assert found["seller_count"] is None


def test_parcels_are_a_measure_of_the_same_cell_with_contributions_of_their_own() -> None:
    """Of 50 parcels the largest operator has 12, the second 9; 6 name nobody: 18 and 9."""
    cells = cells_of([row("channel", "express", unknown_contribution_parcel_count=6)], "2026-11")
    value, parcels = cells.to_dicts()
    assert (value["measure"], value["value"], value["operator_largest"]) == (VALUE, 100, 40)
    assert (parcels["measure"], parcels["value"], parcels["operator_largest"]) == (PARCELS, 50, 18)
    assert (parcels["operator_count"], parcels["operator_second"]) == (4, 9)
    assert value["d_channel"] == parcels["d_channel"] == "express"


def by_channel(**of_post: Any) -> list[dict[str, Any]]:
    """Three channels of 100 dong and 50 parcels, equal but for what is said of the post."""
    return [
        one
        for role in ROLES
        for one in (
            row("total", "all", role, total_vnd=Decimal(300), total_parcel_count=150),
            row("channel", "cargo", role),
            row("channel", "express", role),
            row("channel", "postal", role, **of_post),
        )
    ]


def test_a_channel_that_tells_too_much_in_parcels_is_hidden_in_both_and_so_is_a_second() -> None:
    """46 of the post's 50 parcels are one operator's: more than 90 percent; of its value 40."""
    few = {"largest_contribution_parcel_count": 46, "second_contribution_parcel_count": 2}
    cells = cells_of(by_channel(**few), "2026-11")
    found = treated_month(cells, []).cells
    shown = {
        measure: dict(found.filter(measure=measure).select("d_channel", "status").iter_rows())
        for measure in (VALUE, PARCELS)
    }
    assert shown[VALUE] == shown[PARCELS]
    assert (shown[VALUE]["postal"], shown[VALUE]["_T"]) == ("c", "")
    assert sorted(shown[VALUE].values()) == ["", "", "c", "d"]


def test_an_edition_from_before_parcels_were_counted_binds_them() -> None:
    """The post was confidential in value, is safe now: it stays hidden, in both measures."""
    few = {"largest_contribution_vnd": Decimal(95), "second_contribution_vnd": Decimal(2)}
    before = cells_of(by_channel(**few), "2026-11").filter(measure=VALUE)
    first = treat(before, [MEASURES[0]], hierarchies_of(before), load())
    now = cells_of(by_channel(), "2026-11")
    assert treated_month(now, []).cells.filter(pl.col("status") != "").is_empty()
    found = treated_month(now, [first.record]).cells
    hidden = found.filter(pl.col("status") != "").select("measure", "d_channel").rows()
    told = first.cells.filter(pl.col("status") != "")["d_channel"].to_list()
    assert len(told) == 2
    assert sorted(hidden) == sorted((one, code) for one in (VALUE, PARCELS) for code in told)


@pytest.mark.parametrize("count", [0, None])
def test_a_cell_of_nobody_named_has_unknown_contributors(count: int | None) -> None:
    cells = cells_of([row("channel", "express", contributor_count=count)], "2026-11")
    found = cells.row(0, named=True)
    assert (found["operator_count"], found["operator_largest"], found["value"]) == (None, None, 100)


def test_a_platform_stands_behind_its_own_cell_and_nobody_behind_the_unstated() -> None:
    rows = [
        row("platform", "shopee", "platform", contributor_count=1),
        row("platform", "unstated", "platform", contributor_count=0),
        row("channel", "express", "platform", contributor_count=1),
    ]
    cells = cells_of(rows, "2026-11").to_dicts()
    assert [cell["platform_largest_code"] for cell in cells] == 2 * ["shopee", None, None]


def test_headings_lie_in_their_chapter_and_the_unknown_in_the_unknown() -> None:
    rows = [row("hs2", "61"), row("hs4", "6109"), row("hs2", "unknown"), row("hs4", "unknown")]
    pairs = {
        (one["parent"], one["child"])
        for one in hierarchies_of(cells_of([*rows, row("total", "all")], "2026-11")).to_dicts()
    }
    assert pairs == {
        ("_T", "61"), ("61", "6109"), ("_T", "unknown-hs2"), ("unknown-hs2", "unknown-hs4"),
    }  # fmt: skip
