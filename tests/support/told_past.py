"""A past told in words, without a file: deliveries with their days, runs, releases, discards.

Add here another thing that may have happened. Keep out: expectations, homes (run_ledger.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from expectations.waivers import HOLD, HOLD_NAMES, Waiver
from ledger.entries import GENESIS, Entries, Entry
from runs.days.day_set import Days
from runs.days.model_days import Remodelled
from runs.days.past import Past, key_of
from runs.days.plan import RunPlan


def march(*days: int) -> Days:
    """These days of March 2026."""
    return Days(dt.date(2026, 3, day) for day in days)


@dataclass
class Told:
    """What happened so far, in order. names: sha256 -> the short name it was told under."""

    entries: list[Entry] = field(default_factory=list)
    rows: dict[str, Days] = field(default_factory=dict)
    links: dict[str, Days] = field(default_factory=dict)
    holds: list[Waiver] = field(default_factory=list)
    bodies: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    spoken_of: Days = field(default_factory=Days)
    remodelled: tuple[Remodelled, ...] = ()

    def past(self) -> Past:
        """The state now."""
        return Past(
            Entries(self.entries),
            holds=tuple(self.holds),
            rows=self.rows,
            links=self.links,
            spoken_of=self.spoken_of,
            remodelled=self.remodelled,
        )

    def delivered(self, name: str, rows: Days, links: Days | None = None, **more: object) -> str:
        """An accepted delivery with rows on these days, whose records have rows on `links`."""
        sha = name * 64
        body = {
            "file": f"{name}.csv", "source": "parcel_manifest", "sender": "standard",
            "sha256": sha, "status": "accepted", "accepted": len(rows), "key_id": "demo",
            "day_min": rows.from_day.isoformat() if rows else None,
            "day_max": rows.to_day.isoformat() if rows else None,
            "raw_file": f"raw/{sha}.parquet" if rows else None, "quarantine_file": None, **more,
        }  # fmt: skip
        self.rows[key_of(body)] = rows
        self.links[key_of(body)] = links or Days()
        self.bodies[name] = body
        self._happened("delivery", body)
        return sha

    def discarded(self, name: str) -> None:
        """The delivery was withdrawn."""
        self._happened("discard", {"sha256": name * 64, "reason": "r", "signed_by": "s"})

    def started(self, run_id: str, days: Days) -> None:
        """A run began to change these days."""
        self._happened("run", {"run_id": run_id, "status": "started", "days": str(days)})

    def ended(self, run_id: str, status: str) -> None:
        """A run ended."""
        self._happened("run", {"run_id": run_id, "status": status, "what": "volume"})

    def released(self, run_id: str, days: Days, inputs: Iterable[str]) -> None:
        """A release of these days; inputs: names of the raw files that they read."""
        facts = {"run_id": run_id, "release_id": run_id, "days": str(days)}
        self._happened("release", {**facts, "inputs": sorted(inputs)})

    def published(self, run_id: str, plan: RunPlan) -> None:
        """The planned run from its start to its release: it reads what counts on its days."""
        self.started(run_id, plan.days)
        standing = Entries(self.entries).state.standing.values()
        read = [
            PurePath(body["raw_file"] or body["sha256"]).stem
            for body in (entry.body for entry in standing)
            if body["sha256"] not in plan.set_aside
            and not plan.days.isdisjoint(self.rows[key_of(body)])
        ]
        self.released(run_id, plan.days, read)
        self.ended(run_id, "published")

    def waived(self, days: Days) -> None:
        """A signed waiver of held days."""
        self.holds.append(
            Waiver(
                "w.toml", "f" * 64, HOLD, *HOLD_NAMES, None, days.from_day, days.to_day,
                "The carrier sends the day again.", "Head", dt.date(2026, 4, 1),
            )
        )  # fmt: skip

    def _happened(self, kind: str, body: Mapping[str, Any]) -> None:
        previous = self.entries[-1].hash if self.entries else GENESIS
        self.entries.append(Entry.sealed(len(self.entries) + 1, previous, kind, body))
