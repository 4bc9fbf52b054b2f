"""How current the published figures are: releases/freshness.json and a badge, for every reader.

A release is immutable, so it cannot say that a later run was refused. This file beside the releases
does; it names days and states only. Add here what a reader must know of age without opening a
database. Keep out: how a run ended (foundation.run_index) and who is told of it (notices).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.files import canonical_json, read_json, write_atomically
from foundation.home import Home
from foundation.run_index import EndedRun
from serving.content import CONTENT_FILE, Content
from serving.current import current

FRESHNESS_FILE = "freshness.json"
BADGE_FILE = "freshness.svg"
_FILE_MODE = 0o644
_COLOURS = {"current": "#2e7d32", "behind": "#b26a00", "nothing_published": "#616161"}
_SAID_OF_RUNS = {"refused": ("bị từ chối", "was refused"), "failed": ("bị lỗi", "failed")}


@dataclass(frozen=True)
class Freshness:
    """state: current | behind (a later run published nothing, or left days unpublished) |
    nothing_published. data_to: last day in the release. waiting_days: computed, in no release.
    Days are ISO dates, last_run_ended_at is UTC, ISO 8601; None where there is nothing to say."""

    state: str
    release_id: str | None
    data_to: str | None
    waiting_days: tuple[str, ...]
    last_run_status: str
    last_run_ended_at: str

    def sentence(self) -> tuple[str, str]:
        """What a reader is told, in Vietnamese and English."""
        if self.release_id is None:
            return "Chưa công bố dữ liệu nào.", "Nothing has been published yet."
        vi, en = f"Dữ liệu đến {self.data_to}.", f"Data to {self.data_to}."
        if self.last_run_status in _SAID_OF_RUNS:
            in_vi, in_en = _SAID_OF_RUNS[self.last_run_status]
            vi += f" Lần chạy sau cùng ({self.last_run_ended_at}) {in_vi}."
            en += f" The last run ({self.last_run_ended_at}) {in_en}."
        if self.waiting_days:
            ends = " – ".join(dict.fromkeys((self.waiting_days[0], self.waiting_days[-1])))
            vi += f" Ngày chưa công bố: {len(self.waiting_days)} ({ends})."
            en += f" Days not published: {len(self.waiting_days)} ({ends})."
        return vi, en

    def badge(self) -> str:
        """An SVG picture of 260 x 20 that needs nothing from elsewhere."""
        said = {
            "current": f"{self.data_to}",
            "behind": f"{self.data_to} · bị chậm / behind",
            "nothing_published": "chưa có / none",
        }[self.state]
        title = " | ".join(self.sentence())
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="20" role="img"'
            f' aria-label="{title}"><title>{title}</title>'
            '<rect width="90" height="20" fill="#424242"/>'
            f'<rect x="90" width="170" height="20" fill="{_COLOURS[self.state]}"/>'
            '<g fill="#fff" font-family="sans-serif" font-size="11" text-anchor="middle">'
            f'<text x="45" y="14">dữ liệu đến</text><text x="175" y="14">{said}</text></g></svg>\n'
        )


def freshness(home: Home, last_run: EndedRun, waiting: Iterable[dt.date]) -> Freshness:
    """waiting: days that runs computed in the working database and no release holds."""
    release = current(home)
    content = None if release is None else Content.read(release.folder / CONTENT_FILE)
    days = [key for table in content.tables.values() for key in table.parts] if content else []
    left = tuple(sorted(day.isoformat() for day in waiting))
    is_behind = bool(left) or last_run.status in _SAID_OF_RUNS
    return Freshness(
        state="nothing_published" if release is None else "behind" if is_behind else "current",
        release_id=None if release is None else release.release_id,
        data_to=max(days, default="") or None,
        waiting_days=left,
        last_run_status=last_run.status,
        last_run_ended_at=last_run.ended_at,
    )


def write(home: Home, found: Freshness) -> None:
    """Replace file and badge; a reader sees the old ones or the new ones, each whole."""
    for name, text in (
        (FRESHNESS_FILE, canonical_json(asdict(found)) + "\n"),
        (BADGE_FILE, found.badge()),
    ):
        write_atomically(home.releases / name, text)
        (home.releases / name).chmod(_FILE_MODE)


def read(home: Home) -> Freshness | None:
    """What the last run said; None when no run has ended here since there is such a file.

    Raises WarehouseError when the file makes no sense.
    """
    path = home.releases / FRESHNESS_FILE
    try:
        document = read_json(path)
        if document is None:
            return None
        return Freshness(**{**document, "waiting_days": tuple(document["waiting_days"])})
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> WarehouseError:
    return WarehouseError(
        "the file that says how current the figures are cannot be read",
        where=str(path),
        remedy="remove it; the end of the next run writes it again",
    )
