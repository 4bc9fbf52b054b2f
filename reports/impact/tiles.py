"""Which tile of the map each province has, and what stands on it.

Defines: `tiles_of`, `placed`. Add here another set of tiles. Keep out: how tiles are drawn
(tile_map.py), which figures they show (sections/), where a tile lies (province_tiles.toml).
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from contracts.facts import Words
from reports.impact.model import Cell, Tile

_FILE = Path(__file__).with_name("province_tiles.toml")


def placed() -> frozenset[str]:
    """Codes of the provinces that have a tile."""
    return frozenset(_layout()["provinces"])


def tiles_of(names: Mapping[str, Words], cells: Mapping[str, Cell]) -> tuple[Tile, ...]:
    """One tile a province, then the special zones, which have no cell.

    names, cells: by province code. A province without a cell has a tile that shows none; what has
    no tile (goods of no known province) is not drawn. Raises KeyError where a name is missing.
    """
    layout = _layout()
    provinces = [
        Tile(column, row, _short(names[code]), cells.get(code))
        for code, (column, row) in layout["provinces"].items()
    ]
    zones = [
        Tile(column, row, Words(zone["name_vi"], zone["name_en"]), None, is_zone=True)
        for zone in layout["zones"]
        for column, row in [zone["tile"]]
    ]
    return (*provinces, *zones)


@cache
def _layout() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _short(name: Words) -> Words:
    """A name without its kind: Hà Nội of Thành phố Hà Nội."""
    vi, en = name
    for prefix in _layout()["prefixes"]:
        vi = vi.removeprefix(prefix)
    for suffix in _layout()["suffixes"]:
        en = en.removesuffix(suffix)
    return Words(vi, en)
