"""How long deliveries are kept: what is over age, and its removal with a ledger entry.

The periods are data (retention.csv, and the home's own): this product sets none. The entry is
written first and names every file; a delivery whose rows are gone counts no longer. Ledger entries
themselves stay: they hold no personal data.
Add here a store of deliveries that can be emptied by age. Keep out: releases and history (serving),
periods, and the clock (the caller states the day).
"""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foundation.decision import stated
from foundation.errors import UsageError
from foundation.home import Home
from foundation.locks import exclusive
from ingest.store.landing import input_path, name_path
from ledger.chain import Ledger
from ledger.entries import Entry, standing_deliveries

POLICY_FILE = "retention.csv"
REMOVABLE = ("inputs", "raw", "quarantine")
_SHIPPED = Path(__file__).resolve().parent / POLICY_FILE
_SITE_COLUMNS = ("store", "keep_days", "basis")


@dataclass(frozen=True)
class Rule:
    """One line of the policy; keep_days None = no period was set. persons: clear, tokens, none."""

    store: str
    place: str
    persons: str
    counted_from: str
    removed_by: str
    keep_days: int | None
    basis: str
    holds_vi: str
    holds_en: str


@dataclass(frozen=True)
class Due:
    """One file that is over age. path: relative to the home. since: the day it became so."""

    store: str
    path: str
    sha256: str
    since: dt.date

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**vars(self), "since": self.since.isoformat()}


def policy(home: Home) -> dict[str, Rule]:
    """Store -> rule: the shipped table with the periods of the home. UsageError when it makes no
    sense, such as rows kept longer than the files they can be derived from."""
    rules = {
        row["store"]: Rule(
            store=row["store"],
            place=row["place"],
            persons=row["persons"],
            counted_from=row["counted_from"],
            removed_by=row["removed_by"],
            keep_days=None,
            basis=row["basis"],
            holds_vi=row["holds_vi"],
            holds_en=row["holds_en"],
        )
        for row in _rows(_SHIPPED)
    }
    site = home.root / POLICY_FILE
    for row in _rows(site) if site.is_file() else ():
        if tuple(row) != _SITE_COLUMNS or row["store"] not in REMOVABLE:
            raise _wrong(site, f"columns are {', '.join(_SITE_COLUMNS)}; stores "
                         f"{', '.join(REMOVABLE)}")  # fmt: skip
        if not row["keep_days"].isdigit() or not row["basis"].strip():
            raise _wrong(site, f"{row['store']}: a period in whole days and its basis")
        rules[row["store"]] = replace(
            rules[row["store"]], keep_days=int(row["keep_days"]), basis=row["basis"].strip()
        )
    inputs, raw = rules["inputs"].keep_days, rules["raw"].keep_days
    if inputs is not None and (raw is None or raw > inputs):
        raise _wrong(site, "raw may not outlive inputs: without the delivered files its rows can "
                     "be neither explained nor given another key")  # fmt: skip
    return rules


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def _wrong(path: Path, what: str) -> UsageError:
    return UsageError(
        f"the retention policy makes no sense: {what}",
        where=str(path),
        remedy="correct it; docs/privacy.md explains the table",
    )


def due(home: Home, today: dt.date) -> list[Due]:
    """Every file of deliveries that is over age on `today` and still there, oldest first."""
    return _due(home, Ledger(home.ledger).entries(), today)


def _due(home: Home, entries: list[Entry], today: dt.date) -> list[Due]:
    rules = policy(home)
    standing = {entry.seq: entry for entry in standing_deliveries(entries)}
    newest: dict[tuple[str, str, str], dt.date] = {}
    for entry in entries:
        if entry.kind != "delivery":
            continue
        # The files of a rotated delivery are those that stand now.
        body = standing.get(entry.seq, entry).body
        for store, path, sha256 in _files(home, body):
            key = (store, path, sha256)
            received = dt.date.fromisoformat(body["received_date"])
            newest[key] = max(newest.get(key, received), received)
    found = []
    for (store, path, sha256), received in newest.items():
        days = rules[store].keep_days
        if days is None or not (home.root / path).is_file():
            continue
        since = received + dt.timedelta(days=days + 1)
        if since <= today:
            found.append(Due(store, path, sha256, since))
    return sorted(found, key=lambda item: (item.since, item.store, item.path))


def _files(home: Home, body: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(store, path, sha256 of the input) of everything a delivery left."""
    files = [
        (store, str(body[name]), str(body["sha256"]))
        for store, name in (("raw", "raw_file"), ("quarantine", "quarantine_file"))
        if body[name]
    ]
    for name in ("sha256", "container_sha256", "manifest_sha256"):
        sha256 = body.get(name)
        if sha256:
            for path in (input_path(home, sha256), name_path(home, sha256)):
                files.append(("inputs", str(path.relative_to(home.root.absolute())), str(sha256)))
    return files


def apply(home: Home, today: dt.date, *, reason: str, signed_by: str) -> list[Due]:
    """Remove what is over age, the ledger entry first; returns what was removed.

    Whatever an interrupted removal left is removed too. Raises UsageError without a reason or a
    name, WarehouseBusy while a run reads raw.
    """
    reason, signed_by = stated("--reason", reason), stated("--signed-by", signed_by)
    ledger = Ledger(home.ledger)
    with exclusive(home.warehouse_lock, "retention"):
        _remove_left(home, ledger.entries())
        if not due(home, today):
            return []
        rules = policy(home)

        def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
            return "retention", {
                "as_of": today.isoformat(),
                "reason": reason,
                "signed_by": signed_by,
                "policy": {
                    name: {"keep_days": rules[name].keep_days, "basis": rules[name].basis}
                    for name in REMOVABLE
                },
                "files": [item.to_json() for item in _due(home, entries, today)],
            }

        entry = ledger.append_with(decide)
        _remove_left(home, ledger.entries())
    return [
        Due(**{**item, "since": dt.date.fromisoformat(item["since"])})
        for item in entry.body["files"]
    ]


def _remove_left(home: Home, entries: list[Entry]) -> None:
    """Delete the files that a retention entry names and no later delivery brought back."""
    wanted: set[str] = set()
    for entry in entries:
        if entry.kind == "retention":
            wanted.update(item["path"] for item in entry.body["files"])
        elif entry.kind == "delivery":
            wanted.difference_update(path for _, path, _ in _files(home, entry.body))
    for path in wanted:
        (home.root / path).unlink(missing_ok=True)
