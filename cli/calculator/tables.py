"""A CSV file of `import-risk calc`: what is accepted, and which line and column is wrong.

Defines: `Table`, `read_table`, `utf8_text`. Add here a rule of the file format. Keep out: rules of
a method (scenarios/), JSON (documents.py).

Names are compared without blanks around them and in one Unicode form (NFC). Columns that a method
does not ask for are left alone; blank lines are skipped.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from foundation.errors import UsageError
from scenarios.checks import Codes, Floats, first_repeat

_MOST_BYTES = 1 << 30
_ENCODING = "utf-8-sig"  # with or without a byte order mark
_ROWS_AT_ONCE = 5_000  # few enough for the caches: twice as fast as a hundred thousand
# What float() may see: it would also take 1_000, nan, infinity and digits of other scripts.
_NO_FIGURE = re.compile(r"[^0-9eE+.\- \t]")
_NO_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """codes: name column -> position in its `names`, a row each; numbers: column -> values.

    names: column -> the distinct names, in the order of their first row.
    """

    path: Path
    codes: dict[str, Codes]
    names: dict[str, list[str]]
    numbers: dict[str, Floats]

    def line(self, row: int) -> int:
        """The line of the file on which a row begins; the header is the first."""
        return _line(self.path, row)


def utf8_text(path: Path) -> str:
    """The file as text, without a byte order mark.

    Raises UsageError: no such file, not readable, empty, larger than 1 GiB, not UTF-8.
    """
    _refuse_unreadable(path)
    try:
        text = path.read_bytes().decode(_ENCODING)
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    if not text.strip():
        raise _empty(path)
    return text


def read_table(path: Path, names: Sequence[str], numbers: Sequence[str], key: int = 2) -> Table:
    """The columns of a file; the first `key` of `names` say which row it is.

    Raises UsageError: what `utf8_text` raises; broken CSV, a column missing or twice, no row, a row
    with more or fewer fields, an empty name, no number, a row twice.
    """
    _refuse_unreadable(path)
    first = next(_records(path), None)
    if first is None:
        raise _empty(path)
    width, where = len(first[1]), _columns(path, first[1], (*names, *numbers))
    raw: dict[str, dict[str, int]] = {name: {} for name in names}
    code_parts: dict[str, list[Codes]] = {name: [] for name in names}
    number_parts: dict[str, list[Floats]] = {name: [] for name in numbers}
    done = 0
    for records in _chunks(path):
        if set(map(len, records)) != {width}:
            _refuse_length(path, width)
        columns = list(zip(*records, strict=True))
        for name in names:
            known = raw[name]
            found = (known.setdefault(one, len(known)) for one in columns[where[name]])
            code_parts[name].append(np.fromiter(found, np.int64, len(records)))
        for name in numbers:
            number_parts[name].append(_floats(path, name, columns[where[name]], done))
        done += len(records)
    if not done:
        raise UsageError(
            "the file has a header and no row", where=str(path), remedy="give at least one row"
        )
    coded, distinct = {}, {}
    for name in names:
        coded[name], distinct[name] = _cleaned(np.concatenate(code_parts[name]), list(raw[name]))
    table = Table(
        path, coded, distinct, {name: np.concatenate(number_parts[name]) for name in numbers}
    )
    for name in names:
        if "" in distinct[name]:
            row = int(np.argmax(coded[name] == distinct[name].index("")))
            raise UsageError(
                "is empty",
                where=f"{path}, line {table.line(row)}, column {name}",
                remedy="give it a name",
            )
    _refuse_repeat(table, names[:key])
    return table


def _refuse_unreadable(path: Path) -> None:
    try:
        if not path.is_file():
            raise UsageError(
                "there is no such file", where=str(path), remedy="give the path of a file"
            )
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError("the file is larger than 1 GiB", where=str(path), remedy="split it")
        path.open("rb").close()
    except OSError as error:
        raise UsageError(
            f"the file cannot be read ({error.strerror})",
            where=str(path),
            remedy="give a file that you may read",
        ) from error


def _empty(path: Path) -> UsageError:
    return UsageError("the file is empty", where=str(path), remedy="give at least one row")


def _not_utf8(path: Path) -> UsageError:
    """What names the line of the first byte that is no UTF-8."""
    line = 1
    with path.open("rb") as file:
        for content in file:  # a line break within a letter of several bytes is no UTF-8 either
            try:
                content.decode()
            except UnicodeDecodeError:
                break
            line += 1
    return UsageError(
        "the file is not UTF-8", where=f"{path}, line {line}", remedy="save it as UTF-8"
    )


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, fields) of each record that is not blank: slow, for messages."""
    line = 1
    try:
        with path.open(encoding=_ENCODING, newline="") as file:
            reader = csv.reader(file, strict=True)
            for record in reader:
                if not _is_blank(record):
                    yield line, record
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    except csv.Error as error:
        raise UsageError(
            f"this is no CSV ({error})",
            where=f"{path}, line {line}",
            remedy='close every quote, and write a quote within quotes as ""',
        ) from error


def _line(path: Path, row: int) -> int:
    return next(islice(_records(path), row + 1, None))[0]


def _chunks(path: Path) -> Iterator[list[list[str]]]:
    """The records below the header that are not blank, many at once."""
    try:
        with path.open(encoding=_ENCODING, newline="") as file:
            records = (one for one in csv.reader(file, strict=True) if not _is_blank(one))
            next(records)
            while chunk := list(islice(records, _ROWS_AT_ONCE)):
                yield chunk
    except (csv.Error, UnicodeDecodeError):
        for _ in _records(path):  # meets the same error and names its line
            pass
        raise


def _is_blank(record: list[str]) -> bool:
    return not record or (len(record) == 1 and not record[0].strip())


def _columns(path: Path, header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    names = [unicodedata.normalize("NFC", name.strip()) for name in header]
    at_header = f"{path}, header"
    for name in names:
        if not name or names.count(name) > 1:
            raise UsageError(
                f"the column {name!r} stands twice" if name else "a column has no name",
                where=at_header,
                remedy="name every column once",
            )
    missing = [name for name in wanted if name not in names]
    if missing:
        raise UsageError(
            f"the column {missing[0]!r} is missing; the header holds {', '.join(names)[:200]}",
            where=at_header,
            remedy=f"the first line must name, with commas between them, {','.join(wanted)}",
        )
    return {name: names.index(name) for name in wanted}


def _refuse_length(path: Path, width: int) -> None:
    line, record = next(one for one in _records(path) if len(one[1]) != width)
    raise UsageError(
        f"the line has {len(record)} fields where the header has {width}",
        where=f"{path}, line {line}",
        remedy="give every column one field; a comma within a name needs quotes, and a number has "
        "a point, no comma",
    )


def _floats(path: Path, column: str, fields: Sequence[str], done: int) -> Floats:
    """The fields as numbers; `done` rows stand before them.

    Raises UsageError that names the first that is none.
    """
    if not _NO_FIGURE.search("".join(fields)):
        try:
            found = np.fromiter(map(float, fields), np.float64, len(fields))
        except ValueError:
            found = None
        if found is not None and np.isfinite(found).all():
            return found
    row, what = next(
        (row, what)
        for row, field in enumerate(fields)
        if (what := _why_no_number(field.strip(" \t"))) is not None
    )
    raise UsageError(
        what,
        where=f"{path}, line {_line(path, done + row)}, column {column}",
        remedy="write numbers like 1234.5 or 1e5, with a point and no other separators",
    )


def _why_no_number(field: str) -> str | None:
    shown = repr(field[:60])
    if not field:
        return "the number is missing"
    if _NO_NUMBER.fullmatch(field):
        return f"{shown} is no finite number"
    if "," in field:
        return f"{shown} has a comma, and the decimal sign is a point"
    if _NO_FIGURE.search(field):
        return f"{shown} is no number"
    try:
        return None if np.isfinite(float(field)) else f"{shown} is no finite number"
    except ValueError:
        return f"{shown} is no number"


def _cleaned(found: Codes, raw: list[str]) -> tuple[Codes, list[str]]:
    """Positions in the cleaned names, of which several spellings may be one; order kept."""
    distinct: dict[str, int] = {}
    position = [
        distinct.setdefault(unicodedata.normalize("NFC", name.strip()), len(distinct))
        for name in raw
    ]
    return np.asarray(position, dtype=np.int64)[found], list(distinct)


def _refuse_repeat(table: Table, key: Sequence[str]) -> None:
    repeat = first_repeat([table.codes[name] for name in key])
    if repeat is None:
        return
    first, second = repeat
    said = " and ".join(f"{name} {table.names[name][table.codes[name][second]]!r}" for name in key)
    raise UsageError(
        f"{said} stand on line {table.line(first)} already",
        where=f"{table.path}, line {table.line(second)}",
        remedy="keep one row for each",
    )
