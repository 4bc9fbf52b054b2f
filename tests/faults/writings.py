"""One meaning, many spellings: the same records written in every format, encoding and style.

A Writing says how; `write` makes the file, `layout_of` the profile's layout that describes it.
Add here another way in which senders write the same thing. Keep out: assertions.
"""

import csv
import datetime as dt
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.senders.profile import Layout, load_profile
from tests.faults.workbooks import write_workbook

Record = Mapping[str, object]

FIELDS = (
    "house_waybill_number", "hs_code", "package_count", "gross_weight_kg", "declared_value",
    "arrived_at", "is_piece_count_consistent", "consignee_name", "consignee_phone",
    "item_description", "currency_code",
)  # fmt: skip
_PARQUET_TYPES = {
    "package_count": pa.int32(),
    "gross_weight_kg": pa.decimal128(18, 4),
    "declared_value": pa.decimal128(18, 2),
    "arrived_at": pa.timestamp("us"),
    "is_piece_count_consistent": pa.bool_(),
}


@dataclass(frozen=True)
class Writing:
    """format: delimited, json_lines, xlsx or parquet. columns: the order of FIELDS in the file.

    typed: whether numbers, moments and truth values are such (where the format has them), else
    texts. decimal, thousands, moment: their spelling as text; moment "" is ISO 8601.
    """

    format: str
    columns: tuple[str, ...] = FIELDS
    renamed: bool = False
    typed: bool = False
    decimal: str = "."
    thousands: str = ""
    moment: str = ""
    form: str = "NFC"
    encoding: str = "utf-8"
    end: str = "\n"
    delimiter: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    compact: bool = False
    ascii_only: bool = False
    from_1904: bool = False
    binary_floats: bool = False
    header_row: int = 1

    def name_of(self, field: str) -> str:
        """The column's name in the file."""
        return f"Cột {field.replace('_', ' ')}" if self.renamed else field


def write(folder: Path, records: Sequence[Record], writing: Writing) -> Path:
    """The file, named after its format."""
    writer = {
        "delimited": _write_delimited,
        "json_lines": _write_json_lines,
        "xlsx": _write_xlsx,
        "parquet": _write_parquet,
    }[writing.format]
    path = folder / f"parcel_manifest.{writing.format}"
    writer(path, records, writing)
    return path


def layout_of(folder: Path, writing: Writing) -> Layout:
    """The layout as the loader reads it from a profile that describes `writing`."""
    stated = {
        "source": "parcel_manifest",
        "format": writing.format,
        "decimal_separator": writing.decimal,
        "thousands_separator": writing.thousands,
        "timestamp_format": writing.moment,
    }
    if writing.format in ("delimited", "json_lines"):
        stated["encoding"] = writing.encoding.removesuffix("-sig")
    if writing.format == "delimited":
        stated["delimiter"] = writing.delimiter
    lines = [f"{key} = {json.dumps(value)}" for key, value in stated.items()]
    if writing.header_row > 1:
        lines.append(f"header_row = {writing.header_row}")
    lines.append("[outputs.columns]")
    lines += [f"{field} = {json.dumps(writing.name_of(field))}" for field in FIELDS]
    path = folder / "profile.toml"
    head = 'sender = "s"\ntitle = "t"\nprovenance = "p"\nvalid_from = 2000-01-01\n[[outputs]]\n'
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return load_profile(path).outputs[0].layout


def windows_1258(text: str) -> bytes:
    """The text as Windows 1258 writes it: base letters with their hats, tones behind them."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
            hats = "".join(part for part in parts if part not in tones)
            out += (unicodedata.normalize("NFC", hats) + "".join(tones)).encode("cp1258")
    return bytes(out)


def _encoded(text: str, encoding: str) -> bytes:
    return windows_1258(text) if encoding == "windows-1258" else text.encode(encoding)


def as_text(value: object, writing: Writing) -> str:
    """A value as this sender spells it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:,f}".translate(
            str.maketrans({",": writing.thousands, ".": writing.decimal})
        )
    if isinstance(value, dt.datetime):
        return value.strftime(writing.moment) if writing.moment else value.isoformat()
    return unicodedata.normalize(writing.form, str(value))


def _table(records: Sequence[Record], writing: Writing) -> list[list[str]]:
    rows = [[as_text(record[name], writing) for name in writing.columns] for record in records]
    return [[writing.name_of(name) for name in writing.columns], *rows]


def _write_delimited(path: Path, records: Sequence[Record], writing: Writing) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=writing.delimiter, lineterminator=writing.end, quoting=writing.quoting
    )
    writer.writerows(_table(records, writing))
    path.write_bytes(_encoded(text.getvalue(), writing.encoding))


def _write_json_lines(path: Path, records: Sequence[Record], writing: Writing) -> None:
    lines = []
    for record in records:
        document: dict[str, object] = {}
        for name in writing.columns:
            value = record[name]
            if value is None and writing.compact:
                continue
            is_native = value is None or (writing.typed and isinstance(value, bool | int))
            document[writing.name_of(name)] = value if is_native else as_text(value, writing)
        separators = (",", ":") if writing.compact else (", ", ": ")
        line = json.dumps(document, ensure_ascii=writing.ascii_only, separators=separators)
        if writing.typed:
            # A decimal number as its digits: the standard library has no such thing.
            for value in (record["gross_weight_kg"], record["declared_value"]):
                if value is not None:
                    line = line.replace(f'"{as_text(value, writing)}"', f"{value:f}")
        lines.append(line)
    text = writing.end.join([*lines, ""])
    path.write_bytes(_encoded(text, writing.encoding))


def _write_xlsx(path: Path, records: Sequence[Record], writing: Writing) -> None:
    cells: list[list[object]] = [["Bảng kê"] for _ in range(writing.header_row - 1)]
    cells.append([writing.name_of(name) for name in writing.columns])
    for record in records:
        row: list[object] = []
        for name in writing.columns:
            value = record[name]
            if value is None:
                row.append(None)
            elif writing.typed and isinstance(value, Decimal):
                row.append(float(value))
            elif writing.typed and isinstance(value, bool | int | dt.datetime):
                row.append(value)
            else:
                row.append(as_text(value, writing))
        cells.append(row)
    write_workbook(path, cells, from_1904=writing.from_1904)


def _write_parquet(path: Path, records: Sequence[Record], writing: Writing) -> None:
    arrays = {}
    for name in writing.columns:
        values = [record[name] for record in records]
        kind = _PARQUET_TYPES.get(name)
        if kind is None or not writing.typed:
            texts = [None if value is None else as_text(value, writing) for value in values]
            arrays[writing.name_of(name)] = pa.array(texts, type=pa.string())
        elif writing.binary_floats and pa.types.is_decimal(kind):
            floats = [None if value is None else float(str(value)) for value in values]
            arrays[writing.name_of(name)] = pa.array(floats, type=pa.float64())
        else:
            arrays[writing.name_of(name)] = pa.array(values, type=kind)
    pq.write_table(pa.table(arrays), path)
