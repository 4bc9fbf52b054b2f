"""The picture and the table of docs/architecture.md, drawn from the imports in the code.

`python -m tests.architecture` writes both; a convention test holds them true.
Add here what the page shows of the structure. Keep out: the rule itself (support/rooms.py).
"""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.support.rooms import FLOORS, ROOMS, below, imports_of

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "architecture.md"
PICTURE = PROJECT / "docs" / "architecture.svg"

_WIDTH, _BAND, _BOX, _BOX_WIDTH = 1100, 80, 38, 132
# Room -> what it is, and where its middle stands. The ground floor is a slab: all rest on it.
_ROOMS = {
    "cli": ("the command line", 430),
    "dagster_project": ("what Dagster loads", 430),
    "recovery": ("backup, restore, audit", 430),
    "runs": ("what a run is", 430),
    "ingest": ("bytes to rows", 130),
    "expectations": ("the two gates", 280),
    "serving": ("releases", 430),
    "reports": ("pages", 580),
    "notices": ("mail, webhooks", 730),
    "scoring": ("risk models", 876),
    "scenarios": ("impact methods", 1022),
    "ledger": ("the record", 105),
    "synthetic": ("made-up deliveries", 949),
    "contracts": ("what sources deliver", 280),
    "disclosure": ("what may be published", 640),
    "foundation": ("files, locks, errors: every room rests on it", 550),
}
_GROUND = "foundation"


def imports(project: Path = PROJECT) -> dict[str, set[str]]:
    """Room -> the rooms that any module of it imports."""
    return {
        room: {
            name
            for path in (project / room).rglob("*.py")
            for name in imports_of(path.read_text(encoding="utf-8")) & set(ROOMS)
        }
        - {room}
        for room in ROOMS
    }


def direct(found: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows that no longer way down implies: what a picture must show and no more."""

    def reach(room: str) -> set[str]:
        return set().union(*({one} | reach(one) for one in found[room] & below(room)), set())

    return {
        (room, one)
        for room, targets in found.items()
        for one in targets
        if one not in set().union(*(reach(other) for other in targets - {one}), set())
    }


def picture(found: Mapping[str, set[str]]) -> str:
    """The SVG: a band per floor, a box per room, an arrow per direct import."""
    height = _BAND * len(FLOORS) + 12
    where: dict[str, tuple[int, int]] = {}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'font-family="DejaVu Sans, Arial, sans-serif" aria-labelledby="title">',
        '<title id="title">Rooms on their floors; an arrow means: imports</title>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#5b7083"/></marker></defs>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for number, rooms in enumerate(FLOORS):
        top = 10 + number * _BAND
        parts.append(
            f'<rect x="10" y="{top}" width="{_WIDTH - 20}" height="{_BAND - 8}" rx="6" '
            f'fill="{"#f3f6f9" if number % 2 else "#eaf0f5"}"/>'
            f'<text x="26" y="{top + 41}" font-size="15" fill="#8294a5">'
            f"{len(FLOORS) - 1 - number}</text>"
        )
        where |= {room: (_ROOMS[room][1], top + (_BAND - 8) // 2) for room in rooms}
    arrows = direct({room: targets - {_GROUND} for room, targets in found.items()})
    parts += [_arrow(where[room], where[one]) for room, one in sorted(arrows)]
    for room, (x, y) in where.items():
        width = _WIDTH - 120 if room == _GROUND else _BOX_WIDTH
        parts.append(
            f'<rect x="{x - width // 2}" y="{y - _BOX // 2}" width="{width}" height="{_BOX}" '
            'rx="5" fill="#ffffff" stroke="#31495e"/>'
            f'<text x="{x}" y="{y - 2}" font-size="13" font-weight="bold" text-anchor="middle" '
            f'fill="#1d2f3f">{room}</text>'
            f'<text x="{x}" y="{y + 13}" font-size="10.5" text-anchor="middle" '
            f'fill="#4a5f72">{_ROOMS[room][0]}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """From a room down to a lower one; over more than one floor it leaves by the side."""
    (x1, y1), (x2, y2) = start, (end[0], end[1] - _BOX // 2 - 2)
    if y2 - y1 > 2 * _BAND and x1 != x2:
        x1 += _BOX_WIDTH // 2 if x2 > x1 else -_BOX_WIDTH // 2
        bend = f"{x2} {y1} {x2} {y1}"
    else:
        y1 += _BOX // 2
        half = (y2 - y1) // 2
        bend = f"{x1} {y1 + half} {x2} {y2 - half}"
    return (
        f'<path d="M{x1} {y1}C{bend} {x2} {y2}" fill="none" stroke="#5b7083" '
        'stroke-width="1.3" marker-end="url(#tip)"/>'
    )


def table(found: Mapping[str, set[str]]) -> str:
    """Markdown: every room, and all that it imports."""
    rows = [
        f"| `{room}/` | {', '.join(f'`{one}`' for one in ROOMS if one in found[room]) or 'none'} |"
        for room in ROOMS
    ]
    return "\n".join(["| room | imports |", "|---|---|", *rows])


def page(text: str, found: Mapping[str, set[str]]) -> str:
    """The page with its generated part made anew."""
    return re.sub(
        r"(?s)(<!-- imports -->\n).*?(<!-- /imports -->)",
        lambda marks: f"{marks[1]}{table(found)}\n{marks[2]}",
        text,
    )


def main() -> None:
    """Write picture and table."""
    found = imports()
    PICTURE.write_text(picture(found), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
