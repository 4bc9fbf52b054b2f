"""A home's own table of item names: learnt from the codes that its items were declared with.

Defines: `calibrate_item_names`, `Learnt`, `TooFewNames`. Add here what a fit reads of the working
database. Keep out: how a table is learnt and what an answer is worth (ingest/items), promotion
(model_registry.py).
"""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from foundation.errors import WarehouseError
from foundation.progress import report
from ingest.items.document import ItemDocument
from ingest.items.heldout import Built, measured, relearn
from ingest.items.model import FEWEST_ITEMS, without_rare_terms
from ingest.items.table import ItemModel, read_model
from ingest.items.terms import prepare
from ledger.chain import Ledger
from ledger.model_periods import ITEM_NAMES, period_on, periods
from runs.inspected import working
from runs.model_registry import read_item_names, store_item_names
from runs.settings import Settings

# The names that most items were declared with: more of them cost minutes and teach little.
_MOST_NAMES = 10_000
_LIMIT = "ITEM_NAMES_MIN_NAMES"


class TooFewNames(WarehouseError):
    """Too few different names were declared with a code; the table in force stays."""


@dataclass(frozen=True)
class Learnt:
    """A candidate at rest: its version and its table with the evaluation."""

    version: str
    table: ItemDocument


def calibrate_item_names(settings: Settings, until: dt.date) -> Learnt:
    """Learn from items of days up to `until` that state name and code, on top of the shipped table.

    Raises TooFewNames when there are fewer different names than the dated limit asks for.
    """
    report(f"declared items up to {until}")
    declared, least = _declared(settings, until)
    names = len(declared)
    if names < least:
        raise TooFewNames(
            f"{names} different goods names were declared with a code by {until}; a table of item "
            f"names needs {least}",
            where=str(settings.warehouse),
            remedy=f"keep the table in force until more is declared (parameter {_LIMIT})",
        )
    shipped = read_model()
    items = declared["items"].combine_chunks()
    prepared = without_rare_terms(
        prepare(declared["item_description_folded"].combine_chunks()),
        items.to_numpy(),
        shipped.points,
    )
    hs4 = declared["hs4"].combine_chunks()
    report(f"{names} names")
    built = relearn(prepared, hs4, shipped)
    table = ItemDocument(
        model=built.model,
        trained_on_from=min(declared["first_day"].to_pylist()),
        trained_on_to=max(declared["last_day"].to_pylist()),
        labels=sum(items.to_pylist()),
        names=names,
        limits={"names": least},
        evaluation={
            "held_out": _figures(built),
            "shipped": _figures(measured(shipped, prepared, hs4)),
            "in_force": _in_force(settings, until, prepared, hs4),
            "fewest_items_of_a_term": FEWEST_ITEMS,
        },
    )
    return Learnt(store_item_names(settings.home, table), table)


def _declared(settings: Settings, until: dt.date) -> tuple[pa.Table, int]:
    """Names with a heading that they were declared with, the commonest first; the dated limit."""
    with working(settings) as connection:
        found = connection.execute(
            "select item_description_folded, substr(hs_code, 1, 4) as hs4, count(*) as items, "
            "min(day) as first_day, max(day) as last_day from core.fct_consignment_items "
            "where is_active and hs_basis = 'declared' and day <= ? "
            "and item_description_folded is not null group by 1, 2 "
            "order by items desc, 1, 2 limit ?",
            [until, _MOST_NAMES],
        ).to_arrow_table()
        [(least,)] = connection.execute(
            "select cast(value as bigint) from intermediate.int_rules__in_force "
            "where day = (select max(day) from intermediate.int_rules__in_force) "
            "and parameter_id = ?",
            [_LIMIT],
        ).fetchall()
    return found, int(least)


def _in_force(
    settings: Settings, until: dt.date, prepared: pa.Array, hs4: pa.Array
) -> dict[str, Any] | None:
    """How the home's table of the last day does; it may have learnt from these very names."""
    entries = Ledger(settings.home.ledger).entries()
    period = period_on(periods(entries).get(ITEM_NAMES, ()), until)
    if period is None or period.version is None:
        return None
    before: ItemModel = read_item_names(settings.home, period.version, entries).model
    return {"version": period.version, **_figures(measured(before, prepared, hs4))}


def _figures(built: Built) -> dict[str, Any]:
    told = {
        "names": built.texts, "first": built.first, "three": built.three,
        "answered": built.answered, "precision": built.precision,
        "bound_micro": built.model.calibration.bound_micro,
    }  # fmt: skip
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in told.items()
    }
