"""The files of the public edition: bytes, validator. Claims nothing about what is hidden."""

import json
from pathlib import Path

import polars as pl
import pytest

from disclosure import tidy
from disclosure.measures import Measure
from foundation.errors import UsageError
from tests.unit.disclosure.tables import hierarchy

MEASURES = (
    Measure("n", "additive", is_count=True),
    Measure("g", "growth", "v"),
    Measure("v", "additive"),
)
TREE = hierarchy(("a", "_T", "x"), ("a", "_T", "Đà Nẵng"))
AXES = ["period", "measure", "d_a", "value", "status", "rounding"]
CELLS = pl.DataFrame(
    [
        ("2026-10", "v", "x", None, "c", 0),
        ("2026-10", "v", "Đà Nẵng", 1e15, "", 0),
        ("2026-10", "v", "_T", None, "d", 0),
        ("2026-10", "n", "x", 0.0, "", 5),
        ("2026-10", "g", "x", -1.5e-7, "", 0),
        ("2026-Q3", "v", "_T", 12.5, "", 0),
    ],
    schema=AXES,
    orient="row",
)


def test_the_bytes_of_the_three_files(tmp_path: Path) -> None:
    tidy.write(CELLS, TREE, MEASURES, tmp_path)
    assert (tmp_path / "cells.csv").read_text(encoding="utf-8") == (
        "period,measure,d_a,value,status,rounding\n"
        "2026-10,g,x,-0.00000015,,0\n"
        "2026-10,n,x,0,,5\n"
        "2026-10,v,_T,,d,0\n"
        "2026-10,v,x,,c,0\n"
        "2026-10,v,Đà Nẵng,1000000000000000,,0\n"
        "2026-Q3,v,_T,12.5,,0\n"
    )
    assert (tmp_path / "hierarchies.csv").read_text(encoding="utf-8") == (
        "dimension,parent,child\na,_T,x\na,_T,Đà Nẵng\n"
    )
    assert json.loads((tmp_path / "measures.json").read_text(encoding="utf-8")) == [
        {"name": "n", "kind": "additive", "of": None, "over": None},
        {"name": "g", "kind": "growth", "of": "v", "over": 1},
        {"name": "v", "kind": "additive", "of": None, "over": None},
    ]


def test_what_was_written_is_read_back_and_written_alike(tmp_path: Path) -> None:
    tidy.write(CELLS.reverse(), TREE.reverse(), MEASURES, tmp_path)
    found = tidy.read(tmp_path)
    assert found.cells.equals(CELLS.sort("period", "measure", "d_a"))
    again = tmp_path / "again"
    again.mkdir()
    tidy.write(found.cells, found.hierarchies, found.measures, again)
    for name in ("cells.csv", "hierarchies.csv", "measures.json"):
        assert (again / name).read_bytes() == (tmp_path / name).read_bytes()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("2026-10,v,y,5,c,0", "shows a value though it is hidden"),
        ("2026-10,v,y,,,0", "has no value and is not hidden"),
        ("2026-10,v,y,5,x,0", "has an unknown status"),
        ("2026-10,w,y,5,,0", "has an unknown measure"),
        ("2026-10,v,y,0,,0", "is zero, which an absent row says"),
        ("2026-10,n,y,7,,5", "is not a multiple of its rounding"),
        ("2026-10,v,x,5,,0", "stands twice"),
        ("2026-10,v,y,five,,0", "'five' in column value is no number"),
        ("2026-10,v,y,5,,", "'' in column rounding is no number"),
        ("2026/10,v,y,5,,0", "is no period"),
        ("2026-10,v,y,5,,0,1", "another number of fields"),
    ],
)
def test_a_file_that_the_format_does_not_allow_is_refused(
    row: str, sentence: str, tmp_path: Path
) -> None:
    tidy.write(CELLS, TREE, MEASURES, tmp_path)
    with (tmp_path / "cells.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(UsageError, match=sentence):
        tidy.read(tmp_path)


def test_a_column_about_contributors_is_not_written(tmp_path: Path) -> None:
    wide = CELLS.with_columns(importer_count=pl.lit(3))
    with pytest.raises(UsageError, match="importer_count is missing or too many"):
        tidy.write(wide, TREE, MEASURES, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_missing_and_broken_files_are_refused(tmp_path: Path) -> None:
    tidy.write(CELLS, TREE, MEASURES, tmp_path)
    (tmp_path / "measures.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="is no list of"):
        tidy.read(tmp_path)
    (tmp_path / "measures.json").unlink()
    with pytest.raises(UsageError, match="cannot be read: FileNotFoundError"):
        tidy.read(tmp_path)
