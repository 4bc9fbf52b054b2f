"""The picture of a run: lines over months in plain SVG, labelled synthetic.

Defines: `Panel`, `picture`. Add here another kind of panel. Keep out: figures, packages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

# Told apart without colour too: each line ends with its name.
_COLOURS = (
    "#777777", "#b5651d", "#1f5fa8", "#2f8f83", "#7a3e9d", "#c0392b", "#d4a017", "#1b1b1b",
)  # fmt: skip
_WIDTH, _HEIGHT, _LEFT, _TOP, _NAMES = 420, 260, 60, 70, 170
_NAME_HEIGHT = 13


@dataclass(frozen=True)
class Panel:
    """title: what is drawn. lines: name -> one share of 1 a month, None where there is none. marks:
    month -> what happened then. most: top of the axis, a share."""

    title: str
    lines: Mapping[str, Sequence[float | None]]
    marks: Mapping[int, str]
    most: float


def picture(panels: Sequence[Panel], title: str, footer: str) -> str:
    """All panels below each other."""
    block = _HEIGHT + 80
    width, height = _LEFT + _WIDTH + _NAMES, _TOP + block * len(panels) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="12" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        f'<text x="12" y="40" fill="#c0392b" font-weight="bold">{escape(footer)}</text>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, _TOP + number * block)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, top: int) -> list[str]:
    months = len(next(iter(panel.lines.values())))

    def x(month: float) -> float:
        return _LEFT + _WIDTH * month / (months - 1)

    def y(share: float) -> float:
        return top + 20 + _HEIGHT * (1 - share / panel.most)

    parts = [f'<text x="{_LEFT}" y="{top + 4}" font-weight="bold">{escape(panel.title)}</text>']
    for step in range(6):
        share = panel.most * step / 5
        parts.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y(share):.1f}" y2="{y(share):.1f}" '
            f'stroke="#dddddd"/><text x="{_LEFT - 6}" y="{y(share) + 4:.1f}" '
            f'text-anchor="end">{100 * share:.0f} %</text>'
        )
    for month in range(months):
        parts.append(
            f'<text x="{x(month):.1f}" y="{y(0) + 16:.1f}" text-anchor="middle">{month + 1}</text>'
        )
    parts.append(f'<text x="{x(months - 1) + 12:.1f}" y="{y(0) + 16:.1f}">month</text>')
    for line, (month, text) in enumerate(panel.marks.items()):
        at, below = f"{x(month):.1f}", y(0) + 32 + 12 * line
        parts.append(
            f'<line x1="{at}" x2="{at}" y1="{y(0):.1f}" y2="{y(panel.most):.1f}" '
            f'stroke="#999999" stroke-dasharray="3 3"/>'
            f'<text x="{x(month) + 4:.1f}" y="{below:.1f}" fill="#555555">{month + 1}: '
            f"{escape(text)}</text>"
        )
    parts += _lines(panel, x, y)
    return parts


def _lines(panel: Panel, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    parts, ends = [], []
    for colour, (name, values) in zip(_COLOURS, panel.lines.items(), strict=False):
        points = [(x(m), y(v)) for m, v in enumerate(values) if v is not None]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        ends.append((points[-1][1], points[-1][0], name, colour))
    lowest = y(0) + _NAME_HEIGHT
    # from the lowest line up, so that names stand apart and above the axis
    for height, right, name, colour in sorted(ends, reverse=True):
        lowest = min(height, lowest - _NAME_HEIGHT)
        parts.append(
            f'<text x="{right + 8:.1f}" y="{lowest + 4:.1f}" fill="{colour}">{escape(name)}</text>'
        )
    return parts
