"""Which runs ended, in order: one line each in runs/index.jsonl, read from its end.

Add here another fact of a run that lists of runs show. Keep out: what a run did (its own evidence
folder), and reading all of history: a page about this morning's run costs the same in year two.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from foundation.files import canonical_json
from foundation.home import Home

_LINE_BYTES = 1024  # far more than a line has; bounds how much of the file's end is read


@dataclass(frozen=True)
class EndedRun:
    """status: published | refused | failed | partial (ended without publishing, as it was asked or
    stopped). from_day, to_day: ISO dates, empty when a run ended before it knew them. ended_at:
    UTC, ISO 8601."""

    run_id: str
    status: str
    from_day: str
    to_day: str
    release_id: str | None
    ended_at: str


def append(home: Home, run: EndedRun) -> None:
    """Add one line durably, in one write: a crash leaves it whole, torn (and skipped) or absent."""
    path = _path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The newline comes first too, so that a torn line before this one cannot swallow it.
    line = f"\n{canonical_json(asdict(run))}\n".encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def latest(home: Home, count: int) -> list[EndedRun]:
    """The last `count` runs that ended, oldest first, each run once (its last line counts)."""
    path = _path(home)
    if not path.exists():
        return []
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - 2 * count * _LINE_BYTES))
        lines = stream.read().decode("utf-8", errors="replace").splitlines()
    found: dict[str, EndedRun] = {}
    for line in lines:
        try:
            run = EndedRun(**json.loads(line))
        except (ValueError, TypeError):
            continue  # an empty or torn line: that run is missing from the trend, nothing else
        found.pop(run.run_id, None)
        found[run.run_id] = run
    return list(found.values())[-count:]


def _path(home: Home) -> Path:
    return home.runs / "index.jsonl"
