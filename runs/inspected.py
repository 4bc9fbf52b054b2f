"""Inspected consignments as a fit learns of them: who, when, and what was found.

Defines: `Inspected`, `inspected`, `working`. Results may contradict each other: what was found once
was found, and how often that had to be decided is told with every candidate.
Add here another fact of an inspected row. Keep out: its features (training.py).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError, WarehouseError
from ingest.readers.base import literal
from runs.settings import Settings

GOODS_KEY = (
    "goods_code", "departure_country_code", "origin_country_code", "tariff_schedule_code",
    "duty_rate_milli",
)  # fmt: skip
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Inspected:
    """Inspected consignments and what was found of one risk type; one element a row, in order.

    content: what an observer sees of the goods; copies share it. sources: sha256 of the delivered
    file of each. found: 1 where a finding of the type was made. targeted: True where it was
    inspected but never by a random draw. contradicted: True where another result of the same
    consignment says that nothing was found.
    """

    risk_type: str
    consignment_ids: list[str]
    days: list[dt.date]
    known_days: list[dt.date]
    content: list[str]
    sources: list[str]
    found: Indices
    targeted: npt.NDArray[np.bool_]
    contradicted: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.consignment_ids)

    def part(self, rows: Indices) -> "Inspected":
        """The same for some of the rows."""
        return Inspected(
            self.risk_type,
            [self.consignment_ids[row] for row in rows],
            [self.days[row] for row in rows],
            [self.known_days[row] for row in rows],
            [self.content[row] for row in rows],
            [self.sources[row] for row in rows],
            self.found[rows],
            self.targeted[rows],
            self.contradicted[rows],
        )


def inspected(
    settings: Settings, risk_type: str, until: dt.date, declared_until: dt.date | None = None
) -> Inspected:
    """Every consignment of which a result was known by `until` (included), by day and id.

    declared_until: only consignments of days up to this one. What was found once was found: a
    result without finding, earlier or later, takes nothing back. Inspectors look at different
    things, and a fit must not learn that what they found is in order.
    Raises UsageError for a risk type that no inspection can find, WarehouseError when no day was
    computed here.
    """
    codes = CONTRACTS["inspection_outcome"].field("finding_type").codes
    found_as = [code for code in codes if code != "none"]
    if risk_type not in found_as:
        raise UsageError(
            f"there is no risk type {risk_type!r} that inspections find",
            where="--risk-type",
            remedy=f"use one of {', '.join(found_as)}",
        )
    content = " || '|' || ".join(f"goods.{name}" for name in GOODS_KEY)
    with working(settings) as connection:
        rows = connection.execute(
            f"""
            select inspected.consignment_id, inspected.consignment_day, min(inspected.day),
                min({content} || '|' || coalesce(cast(goods.mass_kg as varchar), '')),
                min(consignments.source_sha256),
                max(case when inspected.result = 'finding'
                    and inspected.finding_type = {literal(risk_type)} then 1 else 0 end),
                min(case when inspected.stratum = 'random' then 0 else 1 end),
                max(case when inspected.result = 'finding'
                    and inspected.finding_type = {literal(risk_type)} then 1 else 0 end)
                    * max(case when inspected.result = 'no_finding' then 1 else 0 end)
            from intermediate.int_risk__inspected_consignments as inspected
            inner join intermediate.int_risk__goods as goods
                on inspected.consignment_id = goods.consignment_id
                and inspected.consignment_day = goods.day
            inner join core.fct_consignments as consignments
                on inspected.consignment_id = consignments.consignment_id
                and inspected.consignment_day = consignments.day
            where inspected.day <= ? and inspected.consignment_day <= ?
            group by all order by 2, 1
            """,
            [until, declared_until or until],
        ).fetchall()
    ids, days, known, contents, sources, found, targeted, contradicted = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([] for _ in range(8))
    )
    return Inspected(
        risk_type, ids, days, known, contents, sources,
        np.array(found, dtype=np.int64), np.array(targeted, dtype=np.bool_),
        np.array(contradicted, dtype=np.bool_),
    )  # fmt: skip


@contextmanager
def working(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database, read-only. Raises WarehouseError when no day was computed here."""
    if not settings.warehouse.exists():
        raise WarehouseError(
            "there is nothing to learn from: no day was computed here",
            where=str(settings.warehouse),
            remedy="deliver declarations and inspection outcomes, then `import-risk run`",
        )
    with duckdb.connect(
        str(settings.warehouse), read_only=True, config=dict(settings.duckdb_config)
    ) as connection:
        yield connection
