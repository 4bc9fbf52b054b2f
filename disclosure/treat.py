"""From an internal table to a public one: suppression, rounding, derived cells.

Defines: `treat`, `Treated`, `Report`. Add here the order of the steps. Keep out: the steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.audit import Audit, audit
from disclosure.cells import checked_cells
from disclosure.derived import with_derived
from disclosure.editions import RECORD, Assembled, assembled
from disclosure.measures import LINEAR, Measure, checked
from disclosure.parameters import Parameters
from disclosure.primary import unsafe
from disclosure.relations import Hierarchies, hierarchies_of
from disclosure.space import TOTAL, Booleans, Keys, Space, axes_of, find, space_of
from disclosure.suppress import hide_more
from disclosure.together import group_of, with_siblings


@dataclass(frozen=True)
class Report:
    """What was done, for the office and never for the public.

    cells, primary, secondary: cells that add up. derived_hidden: shares, growth, others. kept:
    hidden because an earlier edition hid them. added_by_audit, programmes: of the linear
    programmes. proven: sensitive cells, of all editions, that another table proves. already_public:
    sensitive cells that an earlier edition published, with this value or a close one; unprotected:
    sensitive cells that all editions together hold closer. Both name cells that nothing protects.
    """

    cells: int
    primary: int
    secondary: int
    derived_hidden: int
    kept: int
    added_by_audit: int
    programmes: int
    proven: int
    already_public: tuple[str, ...]
    unprotected: tuple[str, ...]


@dataclass(frozen=True)
class Treated:
    """cells: period, measure, d_..., value (null where hidden), status, rounding; in order.

    hierarchies: dimension, parent, child. record: internal, what `treat` needs of this edition when
    the next one is made. report: internal.
    """

    cells: pl.DataFrame
    hierarchies: pl.DataFrame
    measures: tuple[Measure, ...]
    record: pl.DataFrame
    report: Report


def treat(
    cells: pl.DataFrame,
    measures: Sequence[Measure],
    hierarchies: pl.DataFrame,
    parameters: Parameters,
    earlier: Sequence[pl.DataFrame] = (),
) -> Treated:
    """Make the cells of a public edition.

    cells: see cells.py. hierarchies: dimension (without `d_`), parent, child; `_T` is the total.
    earlier: records of all editions published before, the oldest first. Equal input gives equal
    output. Raises UsageError with the place and the remedy for input that no table can be made of.
    """
    dimensions = [name[2:] for name in cells.columns if name.startswith("d_")]
    by_name = checked(measures, dimensions)
    cells = checked_cells(cells, by_name)
    axes = axes_of(cells)
    above = hierarchies_of(hierarchies, cells)
    records = [_fitted(record, axes) for record in earlier]
    words = {
        axis: {TOTAL, *(code for pair in pairs for code in pair)} for axis, pairs in above.items()
    }
    space = space_of([cells, *records], words)

    is_linear = cells["measure"].is_in([m.name for m in by_name.values() if m.kind in LINEAR])
    is_count = cells["measure"].is_in([m.name for m in by_name.values() if m.is_count])
    group = group_of(space, space.keys(cells), by_name)
    primary = unsafe(cells, is_linear.to_numpy(), is_count.to_numpy(), parameters, group)
    is_other = cells["measure"].is_in([m.name for m in by_name.values() if m.kind == "other"])
    record = cells.select(
        *axes,
        "value",
        pl.Series("is_published", ~primary.unsafe),
        pl.Series("need", primary.need),
        *primary.owners,
    )
    linear = [name for name, measure in by_name.items() if measure.kind in LINEAR]
    newest = record.filter(is_linear)
    system = assembled(
        space,
        [*(one.filter(pl.col("measure").is_in(linear)) for one in records), newest],
        by_name,
        above,
    )
    quick = hide_more(system.system, system.system.hidden)
    found = audit(system.system, quick)
    order = np.argsort(space.keys(newest))
    newest = newest[order]
    is_primary = primary.unsafe[is_linear.to_numpy()][order]
    treated = _linear_cells(space, newest, system, found.hidden, is_primary, by_name)
    treated = _published(treated, by_name, parameters).with_columns(is_now=pl.lit(True))
    derived = cells.select(*axes, "value").with_columns(
        is_unsafe=pl.Series(primary.unsafe & is_other.to_numpy())
    )
    all_cells = with_derived(
        pl.concat([treated, _older(records, treated, linear, by_name, parameters)]),
        _with_kept(derived.filter(~is_linear), records, linear),
        by_name,
    ).filter("is_now")
    is_row = (pl.col("published") != 0) | (pl.col("status") != "") | (pl.col("rounding") > 0)
    public = (
        all_cells.filter(is_row)
        .select(*axes, pl.col("published").alias("value"), "status", "rounding")
        .sort(axes)
    )
    return Treated(
        public,
        _tidy_hierarchies(above),
        tuple(by_name[measure.name] for measure in measures),
        _record(record, all_cells, axes),
        _report(space, system, found, public, linear),
    )


def rounded(value: pl.Expr, base: int) -> pl.Expr:
    """To the nearest multiple of a base, halves up: the same count rounds alike in every table."""
    return (value / base + 0.5).floor() * base


def _fitted(record: pl.DataFrame, axes: list[str]) -> pl.DataFrame:
    """A record with the axes of the newest table: a dimension that it lacks is the total."""
    lacking = [pl.lit(TOTAL).alias(axis) for axis in axes if axis not in record.columns]
    return record.with_columns(lacking).select(*axes, *RECORD)


def _linear_cells(
    space: Space,
    newest: pl.DataFrame,
    system: Assembled,
    hidden: Booleans,
    is_primary: Booleans,
    measures: Mapping[str, Measure],
) -> pl.DataFrame:
    """Axes, value, status of what adds up, with the zeros that are hidden: those that an earlier
    edition hid, and those of a cell of which another measure is hidden."""
    confidential = with_siblings(space, system.key[is_primary], measures)
    is_hidden = hidden[system.cell] | system.kept
    all_hidden = with_siblings(space, np.union1d(system.key[is_hidden], system.gone), measures)
    all_hidden = np.union1d(all_hidden, confidential)

    def status(keys: Keys) -> pl.Series:
        other = np.where(np.isin(keys, all_hidden), "d", "")
        return pl.Series("status", np.where(np.isin(keys, confidential), "c", other))

    treated = newest.select(*space.axes, "value", status(system.key))
    zero = all_hidden[find(system.key, all_hidden) < 0]
    zero = zero[np.isin(space.pairs(zero), space.pairs(system.key))]
    if not len(zero):
        return treated
    words = {
        axis: [space.words[axis][code] for code in space.codes(zero, axis)] for axis in space.axes
    }
    hidden_zeros = pl.DataFrame(words).with_columns(status(zero), value=pl.lit(0.0))
    return pl.concat([treated, hidden_zeros.select(treated.columns)])


def _with_kept(
    derived: pl.DataFrame, records: Sequence[pl.DataFrame], linear: list[str]
) -> pl.DataFrame:
    """Derived rows with is_kept: an earlier edition hid them; also those that are gone now."""
    axes = axes_of(derived)
    if not records:
        return derived.with_columns(is_kept=pl.lit(False))
    hidden = (
        pl.concat(records)
        .filter(~pl.col("is_published") & ~pl.col("measure").is_in(linear))
        .select(axes)
        .unique()
    )
    gone = hidden.join(derived, on=axes, how="anti").join(
        derived.select("period", "measure").unique(), on=["period", "measure"], how="semi"
    )
    gone = gone.with_columns(value=pl.lit(None, pl.Float64), is_unsafe=pl.lit(False))
    found = pl.concat([derived, gone.sort(axes).select(derived.columns)])
    return found.join(
        hidden.with_columns(is_kept=pl.lit(True)), on=axes, how="left", maintain_order="left"
    ).with_columns(pl.col("is_kept").fill_null(False))


def _published(
    treated: pl.DataFrame, measures: Mapping[str, Measure], parameters: Parameters
) -> pl.DataFrame:
    """With the value to publish and its rounding."""
    counts = pl.col("measure").is_in([m.name for m in measures.values() if m.is_count])
    base = parameters.rounding_base
    value = pl.when(counts).then(rounded(pl.col("value"), base)).otherwise("value")
    return treated.with_columns(
        published=pl.when(pl.col("status") == "").then(value),
        rounding=pl.when(counts & (base > 1)).then(base).otherwise(0).cast(pl.Int64),
    )


def _older(
    records: Sequence[pl.DataFrame],
    treated: pl.DataFrame,
    linear: list[str],
    measures: Mapping[str, Measure],
    parameters: Parameters,
) -> pl.DataFrame:
    """The latest cells of periods and measures that the newest edition leaves out."""
    pairs = ["period", "measure"]
    taken = treated.select(pairs).unique()
    parts = []
    for record in reversed(records):
        rows = record.filter(pl.col("measure").is_in(linear)).join(taken, on=pairs, how="anti")
        status = pl.when("is_published").then(pl.lit("")).otherwise(pl.lit("d"))
        parts.append(rows.with_columns(status=status).select(*axes_of(rows), "value", "status"))
        taken = pl.concat([taken, rows.select(pairs).unique()])
    if not parts:
        return treated.clear()
    older = _published(pl.concat(parts), measures, parameters)
    return older.with_columns(is_now=pl.lit(False)).select(treated.columns)


def _record(record: pl.DataFrame, all_cells: pl.DataFrame, axes: list[str]) -> pl.DataFrame:
    """What the next edition must know of this one."""
    return (
        all_cells.select(*axes, "value", pl.col("status").eq("").alias("is_published"))
        .join(record.drop("value", "is_published"), on=axes, how="left")
        .with_columns(pl.col("need").fill_null(0.0))
        .select(*axes, *RECORD)
        .sort(axes)
    )


def _tidy_hierarchies(above: Hierarchies) -> pl.DataFrame:
    rows = [(axis[2:], parent, child) for axis in sorted(above) for parent, child in above[axis]]
    schema = {"dimension": pl.String, "parent": pl.String, "child": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _report(
    space: Space,
    system: Assembled,
    found: Audit,
    public: pl.DataFrame,
    linear: list[str],
) -> Report:
    adds_up = pl.col("measure").is_in(linear)
    status = public.filter(adds_up)["status"]
    keys = np.zeros(len(system.system.value), np.int64) - 1
    keys[system.cell] = system.key
    return Report(
        cells=len(status),
        primary=int((status == "c").sum()),
        secondary=int((status == "d").sum()),
        derived_hidden=public.filter(~adds_up & (pl.col("status") != "")).height,
        kept=int(system.kept.sum()) + len(system.gone),
        added_by_audit=found.added,
        programmes=found.programmes,
        proven=found.proven,
        already_public=tuple(space.name(int(k)) for k in system.key[system.lost]),
        unprotected=tuple(
            space.name(int(keys[cell])) if keys[cell] >= 0 else "a cell of an earlier edition"
            for cell in found.unprotected
        ),
    )
