"""The public edition: figures that passed disclosure control, and nothing that did not.

Defines: `public_month`, `flows`, `total`. Add here another figure that may be public once its mart
states who contributes (disclosure/monthly.py). Keep out: the rules (disclosure/), what the internal
edition says (sections/).

A month that the release has published is drawn from its cells, the same that the ministry reads. A
month that is not closed is treated when somebody asks for its report. Months that were delivered as
figures name no contributors and are not public.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from contracts.facts import Words
from disclosure import monthly
from disclosure.tidy import Edition
from foundation.errors import UsageError
from reports.impact.model import Cell, Chart, Column, Section, Sentence, Table
from reports.impact.sections import parts, provinces
from reports.impact.sections.flows import DIMENSIONS
from reports.impact.source import Source

_TOTAL = "_T"
_CELLS = "impact.fct_published_cells_monthly"
_PUBLISHED = f"""
select * exclude (edition) replace (cast(value as double) as value)
from {_CELLS}
where period = $period
order by all
"""
_NAMES = """
select 'hs' as axis, commodity_code as code, name_vi, name_en from core.dim_commodity
union all
select 'province', province_code, name_vi, name_en from core.dim_province
union all
select 'platform', platform_code, platform_name, platform_name from core.dim_platform
where platform_code <> 'unstated'
"""
_Names = Mapping[tuple[str, str], Mapping[str, Any]]
_PRIMARY, _SECONDARY = Words("[c]", "[c]"), Words("[d]", "[d]")


def public_month(
    source: Source, earlier: Sequence[pl.DataFrame]
) -> tuple[Edition, pl.DataFrame | None]:
    """The treated cells of the month, and the record of their treatment if it was made here.

    earlier: records of all editions, for a month that the release has not published. Raises
    UsageError when no parcel of the month is held: figures that were delivered name nobody;
    WarehouseError when no safe table was found.
    """
    period = f"{source.month:%Y-%m}"
    if source.has(_CELLS) and (told := source.rows(_PUBLISHED, period=period)):
        cells = pl.DataFrame(told, infer_schema_length=None)
        return Edition(cells, monthly.hierarchies_of(cells), monthly.MEASURES), None
    found = source.rows(monthly.ROWS)
    if not found:
        raise UsageError(
            f"nobody is known to stand behind the figures of {period}",
            where="impact.fct_flow_contributors_monthly",
            remedy="a public edition needs a month whose parcels are held",
        )
    treated = monthly.treated_month(monthly.cells_of(found, period), earlier)
    return Edition(treated.cells, treated.hierarchies, treated.measures), treated.record


def flows(source: Source, treated: Edition) -> Section:
    """The section of flows, from treated cells alone."""
    names = {(row["axis"], row["code"]): row for row in source.rows(_NAMES)}
    note = Sentence(
        Words(
            "[c] ô được bảo mật; [d] ô phải che để không suy ra ô khác. Tổng gồm cả các ô đã che.",
            "[c] confidential; [d] hidden so that no other can be inferred. Totals include both.",
        )
    )
    tables = [_table(source, treated, names, dimension, title) for dimension, title in DIMENSIONS]
    return Section(3, Words("Quy mô", "Volumes"), (note, *tables))


def total(treated: Edition) -> float | None:
    """The customs value of the whole month, None where it is hidden."""
    axes = [pl.col(name) == _TOTAL for name in treated.cells.columns if name.startswith("d_")]
    found = treated.cells.filter(*axes)["value"].to_list()
    return found[0] if found else None


def _table(
    source: Source,
    treated: Edition,
    names: Mapping[tuple[str, str], Mapping[str, Any]],
    dimension: str,
    title: Words,
) -> Table | Chart:
    axis = monthly.AXES[dimension]
    length = {"hs2": 2, "hs4": 4}.get(dimension)
    cells = treated.cells.filter(pl.col(f"d_{axis}") != _TOTAL).sort(f"d_{axis}")
    rows: list[tuple[Cell, ...]] = []
    codes: list[str] = []
    for cell in cells.iter_rows(named=True):
        code = cell[f"d_{axis}"]
        if length and len(code) != length and code != f"unknown-{dimension}":
            continue
        named = names.get((axis, code))
        shown: Cell = (
            parts.named({"member_code": code, **named}) if named else parts.code(code.split("-")[0])
        )
        hidden = {"c": _PRIMARY, "d": _SECONDARY}.get(cell["status"])
        value = None if hidden else parts.billions_of(cell["value"])
        rows.append((shown, hidden or value))
        codes.append(code)
    columns = (
        Column("member", Words("Thành viên", "Member")),
        Column("customs_value", Words("Trị giá hải quan", "Customs value"), parts.VND_BILLION),
    )
    table = Table(f"flows_{dimension}", title, columns, tuple(rows), "tidy/cells.csv")
    if dimension != "province":
        return table
    return provinces.map_of(source, table, codes, "customs_value")
