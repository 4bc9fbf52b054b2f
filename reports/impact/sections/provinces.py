"""The map of provinces: one figure a province, drawn from the table that stands under it.

Defines: `map_of`. Add here what a map of provinces says under it. Keep out: which figures
(flows.py, public.py), where tiles lie (tiles.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.facts import Words
from reports.impact.model import Chart, Figure, Sentence, Table
from reports.impact.source import Source
from reports.impact.tiles import placed, tiles_of

_PROVINCES = "select province_code, name_vi, name_en from core.dim_province"
_NOTE = Words(
    "Bản đồ ô: mỗi ô là một tỉnh, thành phố, không vẽ địa giới, không theo diện tích; ô – không "
    "có hàng. Hàng gửi đến đặc khu Hoàng Sa tính vào thành phố Đà Nẵng, đến đặc khu Trường Sa vào "
    "tỉnh Khánh Hòa.",
    "A map of tiles: each is one province, without borders and not by area; a tile with – had no "
    "goods. Goods for the special zone of Hoang Sa count with Da Nang, those for Truong Sa with "
    "Khanh Hoa.",
)
_ALT = Words(
    "Bản đồ ô gồm {shown} tỉnh, thành phố có số liệu; lớn nhất là {name}: {value} {unit}.",
    "A map of tiles with the figures of {shown} provinces; the largest is {name}: {unit} {value}.",
)
_NONE = Words(
    "Bản đồ ô; không tỉnh, thành phố nào có số liệu.", "A map of tiles; no province has a figure."
)


def map_of(source: Source, table: Table, codes: Sequence[str], y: str) -> Chart:
    """The table with its map. codes: of the table's rows; y: the column whose cells are shown.

    Rows of no province stay in the table alone.
    """
    columns = [column.name for column in table.columns]
    place = columns.index(y)
    cells = {code: row[place] for code, row in zip(codes, table.rows, strict=True)}
    names = {row["province_code"]: _name(row) for row in source.rows(_PROVINCES)}
    figures = {
        code: cell for code, cell in cells.items() if code in placed() and isinstance(cell, Figure)
    }
    alt = Sentence(_NONE)
    if figures:
        largest = max(figures, key=lambda code: figures[code].value)
        alt = Sentence(
            _ALT,
            {
                "shown": Figure(len(figures)),
                "name": names[largest],
                "value": figures[largest],
                "unit": table.columns[place].unit,
            },
        )
    noted = replace(table, notes=(*table.notes, Sentence(_NOTE)))
    return Chart("province_map", "map", noted, columns[0], y, alt, tiles=tiles_of(names, cells))


def _name(row: Mapping[str, Any]) -> Words:
    return Words(row["name_vi"], row["name_en"])
