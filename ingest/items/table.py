"""The files of a table of points: read with checks, written the same byte for byte.

Defines: `ItemModel`, `read_model`, `write_model`, `require_whole`, the shipped folder. Add here a
file of the table. Keep out: how points come about (model.py), what they mean (calibration.py).

A folder holds points.csv.xz (term, hs4, points; term '' is the base of a heading) and
calibration.csv (one row). Text files, so that a difference between two tables can be read.
"""

import csv
import io
import lzma
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from foundation.errors import WarehouseError
from ingest.items.calibration import Calibration
from ingest.items.model import BASE, Points

SHIPPED = Path(__file__).with_name("shipped")
POINTS_FILE = "points.csv.xz"
CALIBRATION_FILE = "calibration.csv"
_REMEDY = "build it again: python -m ingest.items.build"


@dataclass(frozen=True)
class ItemModel:
    """A table of points and what its sums are worth."""

    points: Points
    calibration: Calibration


def read_model(folder: Path = SHIPPED) -> ItemModel:
    """The table of a folder. Raises WarehouseError naming what is missing or broken."""
    points, calibration = folder / POINTS_FILE, folder / CALIBRATION_FILE
    for path in (points, calibration):
        if not path.is_file():
            raise WarehouseError(
                "the table of item names is not there", where=str(path), remedy=_REMEDY
            )
    try:
        table = pa_csv.read_csv(
            io.BytesIO(lzma.decompress(points.read_bytes())),
            convert_options=pa_csv.ConvertOptions(
                column_types={"term": pa.string(), "hs4": pa.string(), "points": pa.int64()},
                strings_can_be_null=False,
            ),
        )
        with calibration.open(encoding="utf-8", newline="") as stream:
            [values] = list(csv.DictReader(stream))
        stated = Calibration(
            **{field.name: int(values[field.name]) for field in fields(Calibration)}
        )
    except (
        pa.ArrowInvalid,
        lzma.LZMAError,
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        raise WarehouseError(
            f"the table of item names cannot be read: {error}", where=str(folder), remedy=_REMEDY
        ) from error
    read = Points(
        table["term"].combine_chunks(), table["hs4"].combine_chunks(), table["points"].to_numpy()
    )
    require_whole(read, str(points))
    return ItemModel(read, stated)


def require_whole(points: Points, where: str) -> None:
    """Raise WarehouseError for rows that the statement could not add up."""
    bases = pc.sum(pc.equal(points.term, BASE)).as_py() or 0
    pairs = points.to_arrow().group_by(["term", "hs4"]).aggregate([]).num_rows
    bad = [code for code in pc.unique(points.hs4).to_pylist() if not re.fullmatch("[0-9]{4}", code)]
    problem = (
        f"{bad[0]!r} is no heading" if bad
        else "fewer than three headings have a base" if bases < 3
        else "a term has two rows for one heading" if pairs < len(points)
        else None
    )  # fmt: skip
    if problem:
        raise WarehouseError(
            f"the table of item names is broken: {problem}", where=where, remedy=_REMEDY
        )


def write_model(model: ItemModel, folder: Path) -> None:
    """Both files; the same table gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["term", "hs4", "points"])
    points = model.points
    writer.writerows(
        zip(points.term.to_pylist(), points.hs4.to_pylist(), points.points.tolist(), strict=True)
    )
    packed = lzma.compress(text.getvalue().encode("utf-8"), preset=9)
    (folder / POINTS_FILE).write_bytes(packed)
    values = asdict(model.calibration)
    line = ",".join(str(value) for value in values.values())
    (folder / CALIBRATION_FILE).write_text(f"{','.join(values)}\n{line}\n", encoding="utf-8")


def no_points() -> Points:
    """A table without rows: a prior that says nothing."""
    return Points(pa.array([], pa.string()), pa.array([], pa.string()), np.zeros(0, dtype=np.int64))
