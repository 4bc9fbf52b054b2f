"""A tiny warehouse home with models: deliveries through the front door, and what dbt would send.

Add here a step between a delivery and a mart that several fault rows need. Keep out: Dagster (a run
costs half a minute; tests/integration pays it) and the faulty data of one row (its module).
"""

import csv
import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.catalogue import CONTRACTS
from expectations.delivery_history import remember_days, remember_deliveries
from expectations.gate import run_gate
from expectations.rules import Suite
from expectations.suites import gate1, gate2
from expectations.verdict import GateName, Verdict
from expectations.waivers import load_waivers
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from ingest.raw_views import register_raw_views
from ingest.store.exclusions import NO_EXCLUSIONS, Exclusions
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from runs import dbt_invocation, dbt_project
from runs.days import later_days
from runs.days.day_set import Days
from runs.days.model_days import of_days
from runs.days.plan import pending_days
from runs.days.reading import read
from runs.settings import Settings
from serving.content_hash import ContentHash, content_hash
from tests.support import dbt_statements, once
from tests.support.dbt_run import environment_kept

KEY = PseudonymKey.demonstration()
# What consignments and the quality of records need; seeds are loaded once for all homes.
CORE = ("run", "--select", "+fct_consignments", "+fct_reconciliation", "+fct_record_versions")
CORE += ("fct_record_conflicts", "--exclude", "resource_type:seed")
# Every model and its tests.
EVERYTHING = ("build", "--exclude-resource-type", "unit_test", "seed")

_PROFILE = """
sender = "{sender}"
title = "Synthetic sender"
provenance = "made for this test"
valid_from = 2000-01-01
{more}

[[outputs]]
source = "*"
suffix = ".csv"
format = "delimited"
"""

Row = Mapping[str, object]


class TinyHome:
    """One home whose working database holds the seeds already."""

    def __init__(self, root: Path, seeded: Path | None) -> None:
        self.home = Home(root)
        self.folder = root / "delivered"
        self.folder.mkdir(parents=True)
        self.home.work.mkdir(parents=True)
        self.settings = Settings(self.home, release_rows=1, releases_kept=1, memory_limit="1GB")
        if seeded is not None:
            shutil.copyfile(seeded, self.home.warehouse)

    def sender(self, name: str, more: str = "") -> str:
        """Add a sender with the standard layout; returns its name."""
        self.home.profiles.mkdir(exist_ok=True)
        text = _PROFILE.format(sender=name, more=more)
        (self.home.profiles / f"{name}.toml").write_text(text, encoding="utf-8")
        return name

    def deliver(
        self,
        rows: Sequence[Row],
        received: dt.date,
        *,
        source: str = "parcel_manifest",
        sender: str = "standard",
        name: str | None = None,
        may_be_refused: bool = False,
    ) -> DeliveryOutcome:
        """Deliver rows as one CSV file; every column that any row names is in the header."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        path = self.folder / f"{source}_{name or len(list(self.folder.iterdir())) + 1}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        (outcome,) = deliver(
            self.home, [path], source=source, sender=sender, received_date=received, key=KEY
        )
        assert may_be_refused or outcome.status in ("accepted", "duplicate"), outcome
        return outcome

    def register(
        self, from_day: dt.date, to_day: dt.date, exclusions: Exclusions = NO_EXCLUSIONS
    ) -> dict[str, int]:
        """Schema raw for these days; rows per table."""
        with duckdb.connect(str(self.home.warehouse)) as connection:
            counts = register_raw_views(connection, self.home, from_day, to_day, exclusions)
            remember_deliveries(connection)
            return counts

    def build(self, arguments: Sequence[str] = CORE) -> None:
        """Run dbt, or what stands in for it, on what is registered."""
        with dbt_statements.in_place_of_dbt(), environment_kept():
            dbt_invocation.run(arguments, settings=self.settings, target=self.home.work / "target")

    def refresh_later_days(self, run_id: str, *, on_record: bool) -> list[dt.date]:
        """Compute the later days that read what changed; returns them."""
        with dbt_statements.in_place_of_dbt(), environment_kept():
            evidence = self.home.runs / run_id if on_record else self.home.runs
            return later_days.refresh(self.settings, run_id, evidence, on_record=on_record)

    def run(self, days: Days, arguments: Sequence[str] = CORE) -> None:
        """Register and build these days, later days that read what changed (when the models that
        tell are built), and remember it like a release does."""
        self.register(days.from_day, days.to_day, Exclusions(days.skipped))
        self.build(arguments)
        if arguments != CORE:
            self.without_later = self.content()
            self.later = self.refresh_later_days("tiny", on_record=False)
        ends, exclusions = (days.from_day, days.to_day), Exclusions(days.skipped)
        shas = [
            path.stem
            for source in CONTRACTS
            for path in raw_files(self.home, source, *ends, exclusions=exclusions)
        ]
        ledger = Ledger(self.home.ledger)
        models = of_days(ledger.entries(), days)
        ledger.append("release", {"days": str(days), "inputs": shas, "models": models})

    def catch_up(self, arguments: Sequence[str] = CORE) -> Days:
        """One run over the days that pending deliveries touch, as `import-risk run` chooses."""
        days = pending_days(read(self.home))
        assert days
        self.run(days, arguments)
        return days

    def gate1(self, *sources: str) -> Verdict:
        """Gate 1's verdict on what is registered, with the home's waivers; whole, or on `sources`
        only (a whole gate costs seconds)."""
        return self._judge("gate1", [s for s in gate1.suites() if not sources or s.name in sources])

    def gate2(self) -> Verdict:
        """Gate 2's verdict on what is built."""
        with duckdb.connect(str(self.home.warehouse)) as connection:
            remember_days(connection)
        return self._judge("gate2", gate2.suites())

    def _judge(self, gate: GateName, suites: Sequence[Suite]) -> Verdict:
        return run_gate(
            gate,
            suites,
            database=self.home.warehouse,
            subject_hash="5" * 64,
            evidence=self.home.runs,
            waivers=load_waivers(self.home.waivers),
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the working database."""
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def change(self, *statements: str) -> None:
        """Change the working database."""
        with duckdb.connect(str(self.home.warehouse)) as connection:
            for statement in statements:
                connection.execute(statement)

    def content(self) -> ContentHash:
        """The content hash of every mart that exists, as a release takes it."""
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            present = {
                f"{schema}.{table}"
                for schema, table in connection.execute(
                    "select schema_name, table_name from duckdb_tables()"
                ).fetchall()
            }
            plan = dbt_project.release_plan(self.settings.release_rows)
            return content_hash(connection, [t for t in plan.tables if t.name in present])

    def copy(self, root: Path) -> "TinyHome":
        """The same home under another path."""
        shutil.copytree(self.home.root, root, symlinks=True)
        twin = TinyHome.__new__(TinyHome)
        twin.home = Home(root)
        twin.folder = root / "delivered"
        twin.settings = Settings(twin.home, 1, 1, "1GB")
        return twin


@pytest.fixture(scope="session")
def seeded() -> Path:
    """A working database that holds the seeds and nothing else; copied, never changed."""
    return once.made("seeded", load_seeds) / "work" / "warehouse.duckdb"


def load_seeds(folder: Path) -> None:
    """A home with the seeds in its working database."""
    TinyHome(folder, None).build(("seed",))


def parcel(number: str, day: dt.date | None, **fields: object) -> dict[str, object]:
    """A parcel; without a day it lies on its day of receipt."""
    stated = {} if day is None else {"arrived_at": f"{day}T09:00:00"}
    return {
        "house_waybill_number": number,
        "operator_code": "OP1",
        "channel": "express",
        "consignee_phone": "0912345678",
        "item_description": "áo thun nam",
        "gross_weight_kg": "0.5",
        "currency_code": "VND",
        **stated,
        **fields,
    }


def line(number: str, day: dt.date | None, **fields: object) -> dict[str, object]:
    """Line 1 of a customs declaration."""
    stated = {} if day is None else {"registered_at": f"{day}T09:00:00"}
    return {
        "declaration_number": number,
        "line_number": 1,
        "hs_code": "6109.10.00",
        "origin_country_code": "CN",
        "item_description": "áo thun nam",
        "currency_code": "VND",
        **stated,
        **fields,
    }
