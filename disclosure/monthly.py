"""The cells of one month's flows: from the rows that name contributors to what may be published.

Defines: `VALUE`, `PARCELS`, `MEASURES`, `AXES`, `ROWS`, `cells_of`, `hierarchies_of`,
`is_recorded`, `is_same`, `treated_month`. Add here another measure of the monthly flows once its
mart states who contributes. Keep out: the rules (primary.py), opening a database, who gets the
cells (serving/, reports/).

The rows are those of `impact.fct_flow_contributors_monthly`: customs value and parcels by one
dimension at a time. What nobody is named for protects nobody: it counts with the largest
contributor. What is hidden of one measure is hidden of both, also in months that an edition told of
before it had counts (docs/adr/0040-measures-hidden-together.md).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from disclosure.cells import ROLES
from disclosure.measures import Measure
from disclosure.parameters import load
from disclosure.periods import before
from foundation.errors import WarehouseError

if TYPE_CHECKING:
    from disclosure.treat import Treated

VALUE, PARCELS = "customs_value_vnd", "parcel_count"
MEASURES = (
    Measure(VALUE, "additive"),
    Measure(PARCELS, "additive", is_count=True, hidden_with=VALUE),
)
# Measure -> the ending of its columns in the mart.
_ENDINGS = {VALUE: "vnd", PARCELS: "parcel_count"}
# Dimension of the mart -> dimension of the public cells; the HS levels are one hierarchy. Not hs6:
# a code of four digits lies in no subheading, so that these do not add up to their heading.
AXES = {
    "platform": "platform", "platform_status": "platform_status", "channel": "channel",
    "origin": "origin", "province": "province", "hs2": "hs", "hs4": "hs",
}  # fmt: skip
# Of a month ($month, its first day), in the order in which cells are made of them.
ROWS = """
select dimension, member_code, contributor_role, contributor_count,
    total_vnd, largest_contribution_vnd, second_contribution_vnd, unknown_contribution_vnd,
    total_parcel_count, largest_contribution_parcel_count, second_contribution_parcel_count,
    unknown_contribution_parcel_count
from impact.fct_flow_contributors_monthly
where month = $month and dimension <> 'hs6'
order by dimension, member_code, contributor_role
"""
_TOTAL = "_T"
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_NAMED = ("period", "measure")
_TOLD = ("count", "largest", "second", "largest_code")


def cells_of(rows: Iterable[Mapping[str, Any]], period: str) -> pl.DataFrame:
    """One row a cell and measure, three columns a role, as `cells.py` wants them; the cells of the
    first measure first. period: YYYY-MM."""
    listed = list(rows)
    found: list[dict[str, Any]] = []
    for measure, ending in _ENDINGS.items():
        found += _cells_of_measure(listed, period, measure, ending)
    wanted = [f"{role}_{what}" for role in ROLES for what in _TOLD]
    complete = [{**dict.fromkeys(wanted), **cell} for cell in found]
    return pl.DataFrame(complete, infer_schema_length=None)


def _cells_of_measure(
    rows: Iterable[Mapping[str, Any]], period: str, measure: str, ending: str
) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        is_total = row["dimension"] == "total"
        axis = "" if is_total else AXES[row["dimension"]]
        code = _TOTAL if is_total else row["member_code"]
        if axis == "hs" and code == "unknown":
            code = f"unknown-{row['dimension']}"
        code = _public_code(code)
        cell = found.setdefault(
            (axis, code),
            {
                "period": period,
                "measure": measure,
                **{f"d_{one}": _TOTAL for one in dict.fromkeys(AXES.values())},
                **({f"d_{axis}": code} if axis else {}),
                "value": float(row[f"total_{ending}"]),
            },
        )
        role, count = row["contributor_role"], row["contributor_count"]
        is_known = bool(count)
        largest, second, unknown = (
            row[f"{what}_contribution_{ending}"] or 0 for what in ("largest", "second", "unknown")
        )
        cell[f"{role}_count"] = count if is_known else None
        cell[f"{role}_largest"] = float(largest + unknown) if is_known else None
        cell[f"{role}_second"] = float(second) if is_known and count > 1 else None
        # Of a platform's own cell the mart need not say which platform stands behind it.
        if role == row["dimension"] and is_known:
            cell[f"{role}_largest_code"] = code
    return list(found.values())


def hierarchies_of(cells: pl.DataFrame) -> pl.DataFrame:
    """dimension, parent, child: HS headings in chapters, everything else in the total."""
    pairs = []
    for axis in dict.fromkeys(AXES.values()):
        codes = [code for code in cells[f"d_{axis}"].unique().sort() if code != _TOTAL]
        pairs += [(axis, _parent(axis, code), code) for code in codes]
    schema = {"dimension": pl.String, "parent": pl.String, "child": pl.String}
    return pl.DataFrame(pairs, schema=schema, orient="row")


def is_recorded(period: str, earlier: Sequence[pl.DataFrame]) -> bool:
    """Whether a record of the month is there: without it nobody knows what was hidden."""
    return any(period in record["period"] for record in earlier)


def is_same(cells: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> bool:
    """Whether the latest record of this month was made of the same figures."""
    period = str(cells["period"][0])
    axes = [name for name in cells.columns if name in _NAMED or name.startswith("d_")]
    for record in reversed(earlier):
        mine = record.filter(pl.col("period") == period)
        if mine.height:
            if not set(axes) <= set(mine.columns):
                return False
            both = [
                one.filter(pl.col("value") != 0).select(*axes, "value") for one in (cells, mine)
            ]
            return both[0].sort(axes).equals(both[1].sort(axes))
    return False


def treated_month(cells: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> "Treated":
    """The cells of one month, treated with everything that earlier editions told of it.

    earlier: records of all editions, whatever their months: those of this month bind, those of the
    month before say what a pattern that stays looks like. Raises WarehouseError when no safe table
    was found: nothing of the month may be published then.
    """
    # Imported here: whoever has no month to treat needs no solver.
    from disclosure.treat import treat

    period = str(cells["period"][0])
    near = pl.col("period").is_in([period, before(period, 1)])
    known = [record.filter(near) for record in earlier]
    records = [record for record in known if record.height]
    treated = treat(cells, MEASURES, hierarchies_of(cells), load(), records)
    # What an earlier edition told cannot be taken back; nothing new may be told.
    if new := sorted(set(treated.report.unprotected) - set(treated.report.already_public)):
        raise WarehouseError(
            f"{len(new)} confidential cells could be inferred from this edition and earlier ones",
            where=new[0],
            remedy="nothing is written; report it: disclosure control found no table that is safe",
        )
    return treated


def _public_code(code: str) -> str:
    """The code, or one in its place where a sender wrote more than a code: what is public holds no
    text that nobody looked at. Equal texts have equal codes, in every edition."""
    if _CODE.fullmatch(code):
        return code
    return f"text-{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def _parent(axis: str, code: str) -> str:
    if axis != "hs" or len(code) == len("00") or code == "unknown-hs2":
        return _TOTAL
    return "unknown-hs2" if code == "unknown-hs4" else code[: len("00")]
