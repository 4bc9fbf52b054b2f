"""Charts as SVG: Altair says what is drawn, vl-convert draws it, without a browser or a network.

Defines: `draw`. Add here another kind of chart. Keep out: what is drawn (sections/).
The colours are of Okabe and Ito's set, which colour-blind readers tell apart; one series is drawn
with a label at its end instead of a legend; a map of tiles is tile_map.py. A chart is drawn from
the table under it and from nothing else.
"""

from pathlib import Path
from typing import Any

import altair
import vl_convert

from contracts.facts import Words
from reports.impact.figures import Language, shown, word
from reports.impact.model import Chart, Figure
from reports.impact.tile_map import tile_map

FONTS = Path(__file__).parent / "fonts"
FONT = "Liberation Serif"
_BLUE = "#0072B2"
_GREY = "#666666"
_WIDTH, _HEIGHT = 560, 220
_FORMATS = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["₫", ""]},
}


def draw(chart: Chart, language: Language) -> str:
    """The SVG text of a chart in a language; the same text for the same chart."""
    names = [column.name for column in chart.table.columns]
    column = chart.table.columns[names.index(chart.y)]
    label = f"{word(column.label, language)} ({word(column.unit or Words('', ''), language)})"
    if chart.kind == "map":
        drawn = tile_map(chart.tiles, label, language, FONT)
    else:
        drawn = _axes(chart, label, language)
    picture = drawn.configure(font=FONT).configure_axis(
        labelFontSize=11, titleFontSize=12, labelColor="#222222", titleColor="#222222",
        gridColor="#E5E5E5", domainColor=_GREY, tickColor=_GREY,
    ).configure_view(stroke=None)  # fmt: skip
    vl_convert.register_font_directory(str(FONTS))
    specification: dict[str, Any] = picture.to_dict()
    return vl_convert.vegalite_to_svg(specification, format_locale=_FORMATS[language])


def _axes(chart: Chart, label: str, language: Language) -> Any:
    """A line or bars, the last value written at its end."""
    names = [column.name for column in chart.table.columns]
    x, y = names.index(chart.x), names.index(chart.y)
    rows = [
        {"x": shown(row[x], language), "y": float(value.value), "shown": shown(value, language)}
        for row in (chart.drawn or chart.table).rows
        if isinstance(value := row[y], Figure)
    ]
    base = altair.Chart(altair.Data(values=rows), width=_WIDTH, height=_HEIGHT).encode(
        x=altair.X("x:N", sort=None, title=None, axis=altair.Axis(labelAngle=-40)),
        y=altair.Y("y:Q", title=label),
    )
    if chart.kind == "line":
        shape = base.mark_line(color=_BLUE, point=altair.OverlayMarkDef(color=_BLUE, size=36))
    else:
        shape = base.mark_bar(color=_BLUE)
    last = altair.Chart(altair.Data(values=rows[-1:])).encode(
        x=altair.X("x:N", sort=None), y="y:Q", text="shown:N"
    )
    # Beside the end of a line, above the end of a bar: the text lies over neither.
    is_line = chart.kind == "line"
    shown_last = last.mark_text(
        align="left" if is_line else "right", dx=8 if is_line else 0, dy=0 if is_line else -10,
        font=FONT, fontSize=12, color="#222222",
    )  # fmt: skip
    return shape + shown_last
