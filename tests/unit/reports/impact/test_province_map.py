"""The map of provinces: every province has one tile, and each tile tells what the table tells."""

import csv
from decimal import Decimal

from contracts.facts import Words
from reports.impact.charts import draw
from reports.impact.figures import LANGUAGES, shown
from reports.impact.model import Cell, Column, Figure, Table
from reports.impact.sections import parts
from reports.impact.sections.provinces import map_of
from reports.impact.tiles import placed, tiles_of
from tests.unit.reports import marts

_NAMES = {
    row["province_code"]: Words(row["name_vi"], row["name_en"])
    for row in csv.DictReader(marts.PROVINCES.open(encoding="utf-8"))
}


def _table(*rows: tuple[Cell, ...]) -> Table:
    columns = (
        Column("member", Words("Thành viên", "Member")),
        Column("customs_value", Words("Trị giá", "Value"), parts.VND_BILLION),
    )
    return Table("flows_province", Words("Theo tỉnh", "By province"), columns, rows, "mart")


def _chart(cells: dict[str, Cell]):
    rows = [(_NAMES.get(code, code), cell) for code, cell in cells.items()]
    source = marts.source_of(
        dim_province=[(code, *names) for code, names in _NAMES.items()],
    )
    return map_of(source, _table(*rows), list(cells), "customs_value")


def test_every_province_of_the_country_has_one_tile_and_no_two_share_one() -> None:
    assert placed() == set(_NAMES)
    tiles = tiles_of(_NAMES, {})
    assert len({(tile.column, tile.row) for tile in tiles}) == len(tiles)


def test_each_tile_shows_the_cell_of_its_province_and_no_other() -> None:
    cells = {
        code: Figure(Decimal(place) / 10, 1) for place, code in enumerate(sorted(_NAMES), start=1)
    }
    told = {tile.name.vi: tile.cell for tile in _chart(cells).tiles if not tile.is_zone}
    assert told["Hà Nội"] == cells["01"]
    assert told["Cà Mau"] == cells["96"]
    assert sorted(str(cell) for cell in told.values()) == sorted(map(str, cells.values()))


def test_a_hidden_cell_is_drawn_as_hidden_and_without_a_shade() -> None:
    hidden = Words("[c]", "[c]")
    chart = _chart({"01": hidden, "79": Figure(Decimal("12.5"), 1)})
    for language in LANGUAGES:
        picture = draw(chart, language)
        assert "[c]" in picture
        assert shown(Figure(Decimal("12.5"), 1), language) in picture
        # One figure, one shade: the largest of one is in the lightest class.
        assert picture.count('fill="#EAF3FA"') == 1


def test_goods_of_no_known_province_stay_in_the_table_alone() -> None:
    chart = _chart({"unknown": Figure(Decimal(99), 1), "79": Figure(Decimal(1), 1)})
    assert Figure(Decimal(99), 1) not in [tile.cell for tile in chart.tiles]
    assert chart.alt.values["value"] == Figure(Decimal(1), 1)


def test_a_map_without_figures_says_so_and_is_still_drawn() -> None:
    chart = _chart({"01": Words("[c]", "[c]")})
    assert "no province" in chart.alt.words.en
    assert "Hoang Sa" in draw(chart, "en")


def test_the_special_zones_stand_on_the_map_without_a_figure_of_their_own() -> None:
    zones = [tile for tile in tiles_of(_NAMES, {}) if tile.is_zone]
    assert [(tile.name.en, tile.cell) for tile in zones] == [
        ("Hoang Sa", None),
        ("Truong Sa", None),
    ]
