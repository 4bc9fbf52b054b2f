"""What a report tells, as plain data: kept beside an edition, and compared with the next one.

Defines: `content_of`, `changes`, `figures_of`. Add here another thing that a reader may quote.
Keep out: names of releases and runs, and what is said about vintages: an edition is told anew when
what it says is different, not when it was computed again.

The document: measures (name -> cell) and tables, in reading order. The control box, headlines and
paragraphs that hold a value are tables of lines. A cell is null, a text, {"vi", "en"}, {"day"} or
{"number"}: the number as shown, so that equal pages are equal documents.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from contracts.facts import Words
from reports.impact.figures import LANGUAGES, shown, told
from reports.impact.model import Cell, Change, Figure, Report, Section, Sentence, Table

_LINE = Words("Dòng", "Line")
_TEXT = Words("Nội dung", "Text")
_CONTROL = Words("Hộp kiểm soát", "Control box")
_HEADLINES = Words("Tóm tắt điều hành", "Headlines")
_DATA_TO = Words("Dữ liệu đến ngày", "Data to")
_DAYS = Words("Ngày có dữ liệu", "Days covered")
_GRADE = Words("Độ tin cậy", "Confidence")


def content_of(report: Report) -> dict[str, Any]:
    """The document of a report that does not yet say which vintage it is."""
    control = report.control
    facts: tuple[tuple[Words, Cell], ...] = (
        (_DATA_TO, control.data_to),
        (_DAYS, f"{control.days_covered}/{control.days_in_month}"),
        (_GRADE, control.grade),
    )
    tables = [
        _lines("control", _CONTROL, [[_cell(label), _cell(value)] for label, value in facts]),
        _lines("headlines", _HEADLINES, _numbered(report.headlines)),
    ]
    for section in report.sections:
        tables += _of_section(section)
    return {
        "measures": {measure.name: _cell(measure.figure) for measure in report.measures},
        "tables": tables,
    }


def figures_of(content: Mapping[str, Any]) -> dict[str, Decimal]:
    """The measures of a document, by name."""
    return {name: Decimal(cell["number"]) for name, cell in content["measures"].items()}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What `after` tells otherwise, in its reading order; then what only `before` told."""
    old = {table["id"]: table for table in before["tables"]}
    new = {table["id"]: table for table in after["tables"]}
    found: list[Change] = []
    for name, table in {**new, **{name: old[name] for name in old if name not in new}}.items():
        found += _of_table(table, old.get(name), new.get(name))
    return tuple(found)


def _of_section(section: Section) -> list[dict[str, Any]]:
    sentences = [part for part in section.parts if isinstance(part, Sentence) and part.values]
    texts = _lines(f"section-{section.number}", section.title, _numbered(sentences))
    return [*([texts] if sentences else []), *(_of(table) for table in section.tables)]


def _of(table: Table) -> dict[str, Any]:
    return {
        "id": table.table_id,
        "title": table.title._asdict(),
        "columns": [
            {"name": column.name, "label": column.label._asdict(), "is_told": bool(column.unit)}
            for column in table.columns
        ],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


def _lines(table_id: str, title: Words, rows: list[list[Any]]) -> dict[str, Any]:
    columns = (("line", _LINE, False), ("text", _TEXT, True))
    return {
        "id": table_id,
        "title": title._asdict(),
        "columns": [
            {"name": name, "label": label._asdict(), "is_told": is_told}
            for name, label, is_told in columns
        ],
        "rows": rows,
    }


def _numbered(sentences: Iterable[Sentence]) -> list[list[Any]]:
    return [
        [str(number), {language: told(sentence, language) for language in LANGUAGES}]
        for number, sentence in enumerate(sentences, start=1)
    ]


def _cell(cell: Cell) -> Any:
    if isinstance(cell, Figure):
        places = Decimal(1).scaleb(-cell.decimals)
        exact = Decimal(cell.value).quantize(places, ROUND_HALF_EVEN)
        return {"number": str(exact if exact else abs(exact))}
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    return cell._asdict() if isinstance(cell, Words) else cell


def _back(cell: Any) -> Cell:
    """The cell of a document as the report shows it."""
    if isinstance(cell, Mapping):
        if "number" in cell:
            value = Decimal(cell["number"])
            return Figure(value, max(0, -int(value.as_tuple().exponent)))
        if "day" in cell:
            return dt.date.fromisoformat(cell["day"])
        return Words(cell["vi"], cell["en"])
    return None if cell is None else str(cell)


def _of_table(
    table: Mapping[str, Any], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> list[Change]:
    before, after = (_rows(one) for one in (old, new))
    labels = {
        column["name"]: Words(**column["label"])
        for one in (old, new)
        if one is not None
        for column in one["columns"]
    }
    found = []
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key, {}), after.get(key, {})
        for name in dict.fromkeys((*now, *was)):
            if was.get(name) != now.get(name):
                found.append(
                    Change(
                        table["id"], Words(**table["title"]), _named(key), labels[name],
                        _back(was.get(name)), _back(now.get(name)),
                    )
                )  # fmt: skip
    return found


_Key = tuple[int, tuple[tuple[str, str], ...]]


def _rows(table: Mapping[str, Any] | None) -> dict[_Key, dict[str, Any]]:
    """What names a row (its texts, and which of several with the same) -> what it tells."""
    found: dict[_Key, dict[str, Any]] = {}
    if table is None:
        return found
    seen: Counter[Any] = Counter()
    columns = table["columns"]
    for row in table["rows"]:
        texts = tuple(_texts(row, columns))
        seen[texts] += 1
        found[(seen[texts], texts)] = {
            column["name"]: cell
            for column, cell in zip(columns, row, strict=True)
            if column["is_told"]
        }
    return found


def _texts(row: Sequence[Any], columns: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for column, cell in zip(columns, row, strict=True):
        if not column["is_told"]:
            back = _back(cell)
            yield shown(back, "vi"), shown(back, "en")


def _named(key: _Key) -> Words:
    number, texts = key
    more = f" ({number})" if number > 1 else ""
    vi, en = (" · ".join(pair[place] for pair in texts) + more for place in (0, 1))
    return Words(vi, en)
