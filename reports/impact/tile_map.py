"""A map of tiles as an Altair chart: equal squares, each with a name and its figure.

Defines: `tile_map`. Add here how a tile looks. Keep out: which tiles there are (tiles.py).
Five shades of one blue by rank, so that one large city leaves differences among the others. What
has no figure is white; shades only repeat what stands on the tiles.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair

from reports.impact.figures import Language, shown, word
from reports.impact.model import Figure, Tile

_WIDTH, _ROW_HEIGHT = 560, 34
# Fill and text: each pair has a contrast of at least 4.5.
_SHADES = (
    ("#EAF3FA", "#222222"), ("#C6DDF0", "#222222"), ("#93C0E2", "#222222"),
    ("#5FA2D3", "#111111"), ("#0B4F8A", "#FFFFFF"),
)  # fmt: skip
_EMPTY = ("#FFFFFF", "#444444")
_BORDER = "#8A8A8A"


def tile_map(tiles: Sequence[Tile], label: str, language: Language, font: str) -> Any:
    """The chart of all tiles. label: of the figures, with their unit."""
    order = sorted({Decimal(one.cell.value) for one in tiles if isinstance(one.cell, Figure)})
    rows = [_row(tile, order, language) for tile in tiles]
    height = _ROW_HEIGHT * (1 + max(tile.row for tile in tiles))
    base = altair.Chart(altair.Data(values=rows), width=_WIDTH, height=height).encode(
        x=altair.X("column:O", axis=None), y=altair.Y("row:O", axis=None)
    )
    squares = base.mark_rect(stroke=_BORDER, strokeWidth=0.8).encode(
        color=altair.Color("fill:N", scale=None, legend=None)
    )
    colour = altair.Color("ink:N", scale=None, legend=None)
    names = base.mark_text(font=font, fontSize=11, dy=-6).encode(text="name:N", color=colour)
    figures = base.mark_text(font=font, fontSize=11, dy=8).encode(text="shown:N", color=colour)
    title = altair.TitleParams(label, anchor="start", font=font, fontSize=12, fontWeight="normal")
    return (squares + names + figures).properties(title=title)


def _row(tile: Tile, order: Sequence[Decimal], language: Language) -> dict[str, Any]:
    fill, ink = _EMPTY
    if isinstance(tile.cell, Figure):
        place = order.index(Decimal(tile.cell.value))
        fill, ink = _SHADES[place * len(_SHADES) // len(order)]
    return {
        "column": tile.column,
        "row": tile.row,
        "fill": fill,
        "ink": ink,
        "name": word(tile.name, language),
        "shown": "" if tile.is_zone else shown(tile.cell, language),
    }
