"""What the month's flows hand to disclosure control: nobody unnamed protects anybody.

NOT claimed: the rules themselves (tests/unit/disclosure).
"""

from decimal import Decimal
from typing import Any

import pytest

from disclosure.monthly import cells_of, hierarchies_of


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
    } | stated


def test_what_is_not_named_counts_with_the_largest() -> None:
    cells = cells_of([row("channel", "express", unknown_contribution_vnd=Decimal(30))], "2026-11")
    found = cells.row(0, named=True)
    assert (found["operator_count"], found["operator_largest"]) == (4, 70.0)
    assert (found["operator_second"], found["d_channel"]) == (20.0, "express")
    # a role that no row speaks of is unknown, which disclosure control takes for unsafe
    assert found["seller_count"] is None


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
    assert [cell["platform_largest_code"] for cell in cells] == ["shopee", None, None]


def test_headings_lie_in_their_chapter_and_the_unknown_in_the_unknown() -> None:
    rows = [row("hs2", "61"), row("hs4", "6109"), row("hs2", "unknown"), row("hs4", "unknown")]
    pairs = {
        (one["parent"], one["child"])
        for one in hierarchies_of(cells_of([*rows, row("total", "all")], "2026-11")).to_dicts()
    }
    assert pairs == {
        ("_T", "61"), ("61", "6109"), ("_T", "unknown-hs2"), ("unknown-hs2", "unknown-hs4"),
    }  # fmt: skip
