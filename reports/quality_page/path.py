"""Where the quality page of a run lies; importing this costs nothing.

Add here nothing. Keep out: everything that needs the template engine (page.py).
"""

from pathlib import Path

from foundation.home import Home


def page_path(home: Home, run_id: str) -> Path:
    """Where the page of a run lies once it is written."""
    return home.runs / run_id / "quality.html"


def existing_page(home: Home, run_id: str) -> Path | None:
    """The page of a run, None when there is none."""
    path = page_path(home, run_id)
    return path if path.is_file() else None
