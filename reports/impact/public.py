"""The public edition: figures that passed disclosure control, and nothing that did not.

Defines: `public_month`, `Records`, `flows`, `total`. Add here another figure that may be public
once its mart states who contributes. Keep out: the rules (disclosure/), what the internal edition
says (sections/).

Only what `fct_flow_contributors_monthly` states contributors of is public: the customs value of the
month by one dimension at a time. What nobody is named for protects nobody: it counts with the
largest contributor. Months that were delivered as figures name no contributors and are not public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from contracts.facts import Words
from disclosure.cells import ROLES
from disclosure.measures import Measure
from disclosure.parameters import load
from disclosure.treat import Treated, treat
from foundation.errors import UsageError, WarehouseError
from reports.impact.model import Cell, Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.sections.flows import DIMENSIONS
from reports.impact.source import Source

VALUE = "customs_value_vnd"
MEASURES = (Measure(VALUE, "additive"),)
# Dimension of the mart -> dimension of the public cells; the HS levels are one hierarchy. Not hs6:
# a code of four digits lies in no subheading, so that these do not add up to their heading.
_AXES = {
    "platform": "platform", "platform_status": "platform_status", "channel": "channel",
    "origin": "origin", "province": "province", "hs2": "hs", "hs4": "hs",
}  # fmt: skip
_TOTAL = "_T"
_CELLS = """
select dimension, member_code, contributor_role, total_vnd, contributor_count,
    largest_contribution_vnd, second_contribution_vnd, unknown_contribution_vnd
from impact.fct_flow_contributors_monthly
where month = $month and dimension <> 'hs6'
order by dimension, member_code, contributor_role
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


@dataclass(frozen=True)
class Records:
    """The records of the editions made so far, in a folder of the office; never published."""

    folder: Path

    def earlier(self) -> list[pl.DataFrame]:
        """The oldest first."""
        return [pl.read_parquet(path) for path in sorted(self.folder.glob("*.parquet"))]

    def keep(self, record: pl.DataFrame) -> None:
        """Add a record, unless the last edition was the same."""
        paths = sorted(self.folder.glob("*.parquet"))
        if paths and pl.read_parquet(paths[-1]).equals(record):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        record.write_parquet(self.folder / f"{len(paths) + 1:06}.parquet")


def public_month(source: Source, records: Records) -> Treated:
    """The treated cells of the month; what earlier editions told is taken into account.

    Raises UsageError when no parcel of the month is held: figures that were delivered name nobody;
    WarehouseError when no safe table was found.
    """
    found = source.rows(_CELLS)
    if not found:
        raise UsageError(
            f"nobody is known to stand behind the figures of {source.month:%Y-%m}",
            where="impact.fct_flow_contributors_monthly",
            remedy="a public edition needs a month whose parcels are held",
        )
    cells = _wide(found, f"{source.month:%Y-%m}")
    treated = treat(cells, MEASURES, _hierarchies(cells), load(), records.earlier())
    # What an earlier edition told cannot be taken back; nothing new may be told.
    if new := sorted(set(treated.report.unprotected) - set(treated.report.already_public)):
        raise WarehouseError(
            f"{len(new)} confidential cells could be inferred from this edition and earlier ones",
            where=new[0],
            remedy="nothing is written; report it: disclosure control found no table that is safe",
        )
    return treated


def _wide(found: list[dict[str, Any]], period: str) -> pl.DataFrame:
    """One row a cell, three columns a role, as disclosure.cells wants them."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found:
        is_total = row["dimension"] == "total"
        axis = "" if is_total else _AXES[row["dimension"]]
        code = _TOTAL if is_total else row["member_code"]
        if axis == "hs" and code == "unknown":
            code = f"unknown-{row['dimension']}"
        cell = rows.setdefault(
            (axis, code),
            {
                "period": period,
                "measure": VALUE,
                **{f"d_{one}": _TOTAL for one in dict.fromkeys(_AXES.values())},
                **({f"d_{axis}": code} if axis else {}),
                "value": float(row["total_vnd"]),
            },
        )
        role, count = row["contributor_role"], row["contributor_count"]
        is_known = bool(count)
        unknown = row["unknown_contribution_vnd"] or 0
        cell[f"{role}_count"] = count if is_known else None
        cell[f"{role}_largest"] = (
            float((row["largest_contribution_vnd"] or 0) + unknown) if is_known else None
        )
        cell[f"{role}_second"] = (
            float(row["second_contribution_vnd"] or 0) if is_known and count > 1 else None
        )
    wanted = [f"{role}_{what}" for role in ROLES for what in ("count", "largest", "second")]
    complete = [{**dict.fromkeys(wanted), **cell} for cell in rows.values()]
    return pl.DataFrame(complete, infer_schema_length=None)


def _hierarchies(cells: pl.DataFrame) -> pl.DataFrame:
    """Which member lies in which: HS headings in chapters, everything in the total."""
    pairs = []
    for axis in dict.fromkeys(_AXES.values()):
        codes = [code for code in cells[f"d_{axis}"].unique().sort() if code != _TOTAL]
        pairs += [(axis, _parent(axis, code), code) for code in codes]
    return pl.DataFrame(pairs, schema=["dimension", "parent", "child"], orient="row")


def _parent(axis: str, code: str) -> str:
    if axis != "hs" or len(code) == 2 or code == "unknown-hs2":
        return _TOTAL
    return "unknown-hs2" if code == "unknown-hs4" else code[:2]


def flows(source: Source, treated: Treated) -> Section:
    """The section of flows, from treated cells alone."""
    names = {(row["axis"], row["code"]): row for row in source.rows(_NAMES)}
    note = Sentence(
        Words(
            "[c] ô được bảo mật; [d] ô phải che để không suy ra ô khác. Tổng gồm cả các ô đã che.",
            "[c] confidential; [d] hidden so that no other can be inferred. Totals include both.",
        )
    )
    tables = tuple(_table(treated, names, dimension, title) for dimension, title in DIMENSIONS)
    return Section(3, Words("Quy mô", "Volumes"), (note, *tables))


def total(treated: Treated) -> float | None:
    """The customs value of the whole month, None where it is hidden."""
    axes = [pl.col(name) == _TOTAL for name in treated.cells.columns if name.startswith("d_")]
    found = treated.cells.filter(*axes)["value"].to_list()
    return found[0] if found else None


def _table(
    treated: Treated,
    names: Mapping[tuple[str, str], Mapping[str, Any]],
    dimension: str,
    title: Words,
) -> Table:
    axis = _AXES[dimension]
    length = {"hs2": 2, "hs4": 4}.get(dimension)
    cells = treated.cells.filter(pl.col(f"d_{axis}") != _TOTAL).sort(f"d_{axis}")
    rows: list[tuple[Cell, ...]] = []
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
    columns = (
        Column("member", Words("Thành viên", "Member")),
        Column("customs_value", Words("Trị giá hải quan", "Customs value"), parts.VND_BILLION),
    )
    return Table(f"flows_{dimension}", title, columns, tuple(rows), "tidy/cells.csv")
