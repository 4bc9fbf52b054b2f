"""Render the quality page and write it into the run's evidence folder.

One file without a script, a font, a picture or a link from elsewhere; a content policy in it
forbids them all, so a hostile file name can neither run nor phone home (docs/adr/0015).
Add here a format of values. Keep out: what is shown (model.py) and fixed words (texts.py).
"""

import base64
import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from foundation.errors import WarehouseError
from foundation.files import write_atomically
from foundation.home import Home
from foundation.run_index import EndedRun
from foundation.visible import visible
from reports.owners import load_owners, shipped_owners
from reports.quality_page import texts
from reports.quality_page.evidence import read_run
from reports.quality_page.model import Page, page_of
from reports.quality_page.path import page_path

_FOLDER = Path(__file__).parent
_VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
_LONG_NUMBER = re.compile(r"(?<![\w-])\d{4,}(?![\w-])")
_HASH = re.compile(r"[0-9a-f]{64}")
_ISO_DAY = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")


def write_quality_page(home: Home, run: EndedRun) -> Path:
    """Write runs/<run_id>/quality.html, whole or not at all; returns its path.

    Raises OSError when the folder cannot be written.
    """
    path = page_path(home, run.run_id)
    write_atomically(path, render(home, run))
    return path


def render(home: Home, run: EndedRun) -> str:
    """The page as HTML text."""
    try:
        owners, unreadable = load_owners(home), False
    except WarehouseError:
        owners, unreadable = shipped_owners(), True  # said on the page itself
    return render_page(page_of(read_run(home, run), owners, owners_unreadable=unreadable))


def render_page(page: Page) -> str:
    """The page as HTML text."""
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "day": day, "told": told, "cell": cell}
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return environment.get_template("page.html.jinja").render(
        page=page,
        run=page.evidence.run,
        labels=texts.LABELS,
        outcomes=texts.OUTCOMES,
        severities=texts.SEVERITIES,
        statuses=texts.RUN_STATUSES,
        delivery_statuses=texts.DELIVERY_STATUSES,
        suites=texts.SUITES,
        ended_at=_local_time(page.evidence.run.ended_at),
        style=Markup(style),  # our own file, hashed into the policy
        policy=policy,
    )


def number(value: int | None) -> str:
    """1234567 as 1.234.567, the Vietnamese way; a dash for nothing."""
    return "—" if value is None else f"{value:,}".replace(",", ".")


def day(iso: str | None) -> str:
    """2026-11-21 as 21/11/2026; other text unchanged, a dash for nothing."""
    return "—" if not iso else _ISO_DAY.sub(r"\3/\2/\1", iso)


def told(text: str) -> str:
    """A stored sentence with days and long numbers written the Vietnamese way."""
    grouped = _LONG_NUMBER.sub(lambda found: number(int(found.group())), text)
    return _ISO_DAY.sub(r"\3/\2/\1", grouped)


def cell(value: Any) -> str:
    """A value of an example row."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return number(value)
    # A whole hash says no more to a reader than its beginning, which finds the file as well.
    return day(_HASH.sub(lambda found: f"{found.group()[:12]}…", str(value)))


def _plain(value: Any) -> Any:
    """Every value on its way into the page: characters that steer a reader become visible."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _local_time(utc: str) -> str:
    moment = dt.datetime.fromisoformat(utc).astimezone(_VIET_NAM)
    return f"{moment:%H:%M %d/%m/%Y}"
