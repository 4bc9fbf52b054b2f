"""The public edition: figures that passed disclosure control, and nothing that did not.

Defines: `public_month`, `flows`, `total`, `total_parcels`. Add here another figure that may be
public once its mart states who contributes (disclosure/monthly.py). Keep out: the rules
(disclosure/), what the internal edition says (sections/).

A month that the release has published is drawn from its cells, the same that the ministry reads. A
month that is not closed is treated when somebody asks for its report. Months that were delivered as
figures name no contributors and are not public.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from contracts.facts import Words
from disclosure import monthly
from disclosure.tidy import Edition
from foundation.errors import UsageError
from reports.impact.model import Cell, Chart, Column, Figure, Section, Sentence, Table
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
_ROUNDED = Words(
    "Số lô được làm tròn đến bội số của {base}, nên có thể không cộng khớp.",
    "Consignments are rounded to a multiple of {base}, so that they need not add up.",
)
_NOTHING_TOLD = Sentence(
    Words(
        "Bảng này không có số liệu nào công khai được: sau mỗi ô có quá ít đơn vị, hoặc một đơn vị "
        "chiếm phần lớn (một sàn chẳng hạn là chính nó).",
        "Nothing of this table can be public: too few stand behind each cell, or one is most of it "
        "(a platform, for one, is itself).",
    )
)
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
    base = _rounding(treated)
    notes = (note, Sentence(_ROUNDED, {"base": parts.count(base)})) if base else (note,)
    tables = [_table(source, treated, names, dimension, title) for dimension, title in DIMENSIONS]
    return Section(3, Words("Quy mô", "Volumes"), (*notes, *tables))


def total(treated: Edition) -> float | None:
    """The customs value of the whole month, None where it is hidden."""
    return _whole_month(treated, monthly.VALUE)


def total_parcels(treated: Edition) -> int | None:
    """The parcels of the whole month, rounded; None where hidden, or not told of this month."""
    found = _whole_month(treated, monthly.PARCELS)
    return None if found is None else int(found)


def _whole_month(treated: Edition, measure: str) -> float | None:
    axes = [pl.col(name) == _TOTAL for name in treated.cells.columns if name.startswith("d_")]
    found = treated.cells.filter(*axes, measure=measure)["value"].to_list()
    return found[0] if found else None


def _rounding(treated: Edition) -> int | None:
    """The base of the month's parcels, 0 for exact ones, None in a month told without them."""
    bases: list[int] = treated.cells.filter(measure=monthly.PARCELS)["rounding"].to_list()
    return max(bases, default=None)


def _table(
    source: Source,
    treated: Edition,
    names: Mapping[tuple[str, str], Mapping[str, Any]],
    dimension: str,
    title: Words,
) -> Table | Chart:
    axis = monthly.AXES[dimension]
    length = {"hs2": 2, "hs4": 4}.get(dimension)
    cells = treated.cells.filter(pl.col(f"d_{axis}") != _TOTAL)
    has_parcels = _rounding(treated) is not None
    rows: list[tuple[Cell, ...]] = []
    codes: list[str] = []
    for code in cells[f"d_{axis}"].unique().sort():
        if length and len(code) != length and code != f"unknown-{dimension}":
            continue
        named = names.get((axis, code))
        shown: Cell = (
            parts.named({"member_code": code, **named}) if named else parts.code(code.split("-")[0])
        )
        told = {row["measure"]: row for row in cells.filter(pl.col(f"d_{axis}") == code).to_dicts()}
        value = _shown(told.get(monthly.VALUE), parts.billions_of)
        parcels = _shown(told.get(monthly.PARCELS), lambda value: parts.count(int(value)))
        rows.append((shown, value, parcels) if has_parcels else (shown, value))
        codes.append(code)
    columns: tuple[Column, ...] = (
        Column("member", Words("Thành viên", "Member")),
        Column("customs_value", Words("Trị giá hải quan", "Customs value"), parts.VND_BILLION),
    )
    if has_parcels:
        columns += (Column("consignments", Words("Số lô", "Consignments"), parts.NUMBER),)
    is_told = any(isinstance(cell, Figure) for row in rows for cell in row[1:])
    notes = () if is_told or not rows else (_NOTHING_TOLD,)
    table = Table(f"flows_{dimension}", title, columns, tuple(rows), "tidy/cells.csv", notes=notes)
    if dimension != "province":
        return table
    return provinces.map_of(source, table, codes, "customs_value")


def _shown(cell: Mapping[str, Any] | None, figure: Callable[[float], Figure | None]) -> Cell:
    """The figure of a cell, why it is hidden, or zero where there is no row."""
    if cell is None:
        return figure(0)
    return {"c": _PRIMARY, "d": _SECONDARY}.get(cell["status"]) or figure(cell["value"])
