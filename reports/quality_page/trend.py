"""The small trend chart of a rule: one bar a run, drawn as inline SVG shapes.

Add here another small chart of the page. Keep out: colours and sizes of text (style.css), anything
that needs a script. All text in it comes from our own labels and from numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.quality_page.evidence import TREND_RUNS, Moment

HEIGHT = 36
_BAR, _GAP = 5, 2
WIDTH = TREND_RUNS * (_BAR + _GAP)
_LOWEST = 3  # a bar of value 0 must still be seen


@dataclass(frozen=True)
class Bar:
    """One run. kind: class of its colour. In a box of WIDTH x HEIGHT; y grows downwards."""

    x: int
    y: int
    height: int
    kind: str


@dataclass(frozen=True)
class Trend:
    """bars: oldest first, the last is this run. limits: y of what the rule accepts, where drawn.

    least, most: the smallest and largest figure drawn; None when no run had one.
    """

    bars: tuple[Bar, ...]
    limits: tuple[int, ...]
    least: int | None
    most: int | None
    counts: dict[str, int]
    width: int = WIDTH
    height: int = HEIGHT


def kind_of(outcome: str | None, severity: str | None) -> str:
    """The class of an outcome: stop, warn, note, waived, ok, none (nothing to check, no answer)."""
    if outcome == "passed":
        return "ok"
    if outcome == "waived":
        return "waived"
    if outcome == "error":
        return "stop"
    if outcome == "failed":
        return {"critical": "stop", "warning": "warn"}.get(severity or "", "note")
    return "none"


def trend_of(moments: Sequence[Moment], low: int | None, high: int | None) -> Trend:
    """The chart of a rule's last runs. Bars show its own figure, or else its failing rows."""
    shown = list(moments)[-TREND_RUNS:]
    has_figure = any(moment.value is not None for moment in shown)
    figures = [moment.value if has_figure else moment.failing_count for moment in shown]
    known = [figure for figure in figures if figure is not None]
    drawn_limits = [limit for limit in (low, high) if has_figure and limit is not None]
    top = max([*known, *drawn_limits, 1])
    bars = []
    counts: dict[str, int] = {}
    first = TREND_RUNS - len(shown)
    for place, (moment, figure) in enumerate(zip(shown, figures, strict=True)):
        kind = kind_of(moment.outcome, moment.severity)
        counts[kind] = counts.get(kind, 0) + 1
        height = _LOWEST + _scaled(max(figure or 0, 0), top)
        bars.append(Bar((first + place) * (_BAR + _GAP), HEIGHT - height, height, kind))
    return Trend(
        bars=tuple(bars),
        limits=tuple(HEIGHT - _LOWEST - _scaled(limit, top) for limit in drawn_limits),
        least=min(known, default=None),
        most=max(known, default=None),
        counts=counts,
    )


def _scaled(figure: int, top: int) -> int:
    return figure * (HEIGHT - _LOWEST - 1) // top
