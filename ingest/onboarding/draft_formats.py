"""The questions of a profile that the sample can speak to: wire format, spellings, codes, padding.

For each the sample is read under every candidate, and what several candidates read differently is
called ambiguous: then nothing is suggested.
Add here a question whose evidence comes from reading the sample. Keep out: questions about the
sender and the mapping of columns (sender_draft.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import available_timezones

from contracts.base import Contract, Field
from contracts.catalog import CONTRACTS
from foundation.errors import UsageError
from ingest.onboarding.questions import Person, Question, text_problem
from ingest.onboarding.sample import Reading, Sample, SampleColumn
from ingest.onboarding.sample_columns import VALUES_SHOWN
from ingest.senders.profile import Layout
from ingest.senders.profile_document import MAX_CODE_DIGITS
from ingest.senders.profile_text import Section

_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SEPARATORS = ((".", ""), (",", ""), (".", ","), (",", "."), (".", " "), (",", " "), (".", "'"))
# Spellings that are tried on the sample; a person may state any other.
_DATES = ("", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d",
          "%d/%m/%y", "%m/%d/%y")  # fmt: skip
_CLOCKS = ("", " %H:%M", " %H:%M:%S")
_TIMES = ("", "%Y-%m-%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S",
          *(f"{day}{clock}" for day in _DATES[1:] for clock in _CLOCKS))  # fmt: skip
LOCAL_ZONE = "Asia/Ho_Chi_Minh"
_ZONE = text_problem(lambda text: text in available_timezones(), "is no known time zone")
_ROW = text_problem(
    lambda text: text.isascii() and text.isdigit() and int(text) > 0, "must be 1 or more"
)


def ask_format(sample: Sample, person: Person, output: Section) -> Layout:
    """The layout's first block; its keys go into `output`. UsageError when no reader fits."""
    found, note = sample.formats()
    if not found:
        raise UsageError(
            f"no reader takes this file: {note}", where=str(sample.path),
            remedy="give a sample of a format that is read, or add a reader",
        )  # fmt: skip
    name = person.ask(
        Question(
            ("format",), "Which format is it?",
            tuple(f"{item.value}: {item.evidence}" for item in found),
            choices=tuple(item.value for item in found),
            suggestion=found[0].value if len(found) == 1 else None,
        )
    )  # fmt: skip
    output.entries["format"] = name
    if name == "delimited":
        return _delimited(sample, person, output)
    if name == "xlsx":
        return _workbook(sample, person, output)
    return Layout(name)


def _delimited(sample: Sample, person: Person, output: Section) -> Layout:
    tried = sample.encodings()
    fitting = tuple(item.value for item in tried if item.fits)
    evidence = tuple(f"{item.value}: {item.evidence}" for item in tried)
    encoding = person.ask(
        Question(
            ("encoding",), "In which encoding is it?", evidence,
            choices=fitting, suggestion=fitting[0] if len(fitting) == 1 else None,
        )
    )  # fmt: skip
    counts = sample.fields_per_line(Layout("delimited", encoding=encoding))
    # One character that splits every line into the same number of fields speaks for itself.
    likely = [mark for mark, fields in counts.items() if len(set(fields)) == 1 and fields[0] > 1]
    delimiter = person.ask(
        Question(
            ("delimiter",), "Which character separates the fields (\"tab\" for a tab)?",
            tuple(
                f"{_DELIMITER_NAMES[mark]}: fields in lines 1, 2, ...: "
                f"{', '.join(map(str, fields))}"
                for mark, fields in counts.items()
            ),
            suggestion=_typed(likely[0]) if len(likely) == 1 else None,
            problem=_DELIMITER,
        )
    )  # fmt: skip
    delimiter = "\t" if delimiter == "tab" else delimiter
    row = _header_row(person, counts.get(delimiter, []))
    output.entries |= {"encoding": encoding, "delimiter": delimiter}
    output.notes += [f"encoding {line}" for line in evidence]
    if row > 1:
        output.entries["header_row"] = row
    return Layout("delimited", encoding=encoding, delimiter=delimiter, header_row=row)


def _typed(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter


def _is_delimiter(text: str) -> bool:
    return text == "tab" or (len(text) == 1 and text.isascii() and text not in '"\r\n\0')


_DELIMITER = text_problem(
    _is_delimiter, "must be one ASCII character, not a quote, or the word tab"
)


def _workbook(sample: Sample, person: Person, output: Section) -> Layout:
    sheets = sample.sheets()
    named = tuple(name for name, _, _ in sheets)
    full = [name for name, is_visible, has_cells in sheets if is_visible and has_cells]
    sheet = person.ask(
        Question(
            ("sheet",), "Which sheet is read?",
            tuple(
                f"{name!r}: {'visible' if is_visible else 'HIDDEN'}, "
                f"{'with' if has_cells else 'without'} cells"
                for name, is_visible, has_cells in sheets
            ),
            choices=named, suggestion=full[0] if len(full) == 1 else None,
        )
    )  # fmt: skip
    row = _header_row(person, sample.cells_per_row(Layout("xlsx", sheet=sheet)))
    output.entries |= {"sheet": sheet, "header_row": row}
    return Layout("xlsx", sheet=sheet, header_row=row)


def _header_row(person: Person, fields: Sequence[int]) -> int:
    text = person.ask(
        Question(
            ("header_row",), "Which row holds the column names, counted from 1?",
            (f"filled fields in rows 1, 2, ...: {', '.join(map(str, fields))}",),
            suggestion="1" if fields and fields[0] == max(fields) else None,
            problem=_ROW,
        )
    )  # fmt: skip
    return int(text)


def ask_spellings(
    sample: Sample, source: str, layout: Layout, fed: Sequence[str], output: Section,
    person: Person,
) -> None:  # fmt: skip
    """Number, date and time formats of the fields that are fed; the keys go into `output`."""
    by_type: dict[str, list[str]] = {}
    for name in fed:
        by_type.setdefault(CONTRACTS[source].field(name).type, []).append(name)
    numbers = [*by_type.get("decimal", []), *by_type.get("integer", [])]
    if numbers:
        _ask_numbers(sample, source, layout, numbers, output, person)
    if dates := by_type.get("date"):
        readings = sample.readings(
            source, [replace(layout, date_format=text) for text in _DATES], dates
        )
        spelled = [(item.layout.date_format, item) for item in readings]
        output.entries["date_format"] = _ask_pattern("date_format", dates, spelled, output, person)
    if times := by_type.get("timestamp"):
        readings = sample.readings(
            source, [replace(layout, timestamp_format=text) for text in _TIMES], times
        )
        spelled = [(item.layout.timestamp_format, item) for item in readings]
        output.entries["timestamp_format"] = _ask_pattern(
            "timestamp_format", times, spelled, output, person
        )
        output.entries["time_zone"] = person.ask(
            Question(
                ("time_zone",), "In which zone are times that state none?",
                suggestion=LOCAL_ZONE,
                problem=_ZONE,
            )
        )  # fmt: skip


def _ask_numbers(
    sample: Sample, source: str, layout: Layout, fields: Sequence[str], output: Section,
    person: Person,
) -> None:  # fmt: skip
    candidates = [
        replace(layout, decimal_separator=point, thousands_separator=group)
        for point, group in _SEPARATORS
    ]
    readings = sample.readings(source, candidates, fields)
    spelled = [
        (f"decimal '{item.layout.decimal_separator}', thousands "
         f"'{item.layout.thousands_separator}'", item)
        for item in readings
    ]  # fmt: skip
    evidence, best = _weighed(spelled)
    evidence = (f"numbers feed {', '.join(fields)}", *evidence)
    stated = person.ask(
        Question(
            ("decimal_separator",), "Which character stands before the decimals?", evidence,
            choices=(".", ","), suggestion=best.layout.decimal_separator if best else None,
        )
    )  # fmt: skip
    grouping = person.ask(
        Question(
            ("thousands_separator",), "Which character groups thousands, empty for none?",
            evidence, suggestion=best.layout.thousands_separator if best else None,
            problem=text_problem(
                lambda text: text in ("", ".", ",", " ", "'") and text != stated,
                "must be empty, a point, comma, blank or apostrophe, not the decimal separator",
            ),
        )
    )  # fmt: skip
    output.entries |= {"decimal_separator": stated, "thousands_separator": grouping}
    output.notes += [f"numbers: {line}" for line in evidence[1:]]


def _ask_pattern(
    key: str, fields: Sequence[str], spelled: Sequence[tuple[str, Reading]], output: Section,
    person: Person,
) -> str:  # fmt: skip
    evidence, best = _weighed([(text or "ISO 8601 (empty)", item) for text, item in spelled])
    suggested = next((text for text, item in spelled if item is best), None)
    output.notes += [f"{key}: {line}" for line in evidence]
    return person.ask(
        Question(
            (key,), f"How are {', '.join(fields)} written, as a strptime pattern; empty: ISO 8601?",
            evidence, suggestion=suggested, problem=_PATTERN,
        )
    )  # fmt: skip


def _is_pattern(text: str) -> bool:
    return not text or ("%d" in text and "%m" in text and ("%Y" in text or "%y" in text))


_PATTERN = text_problem(_is_pattern, "must be empty or hold %d, %m and %Y")


def _weighed(spelled: Sequence[tuple[str, Reading]]) -> tuple[tuple[str, ...], Reading | None]:
    """Evidence lines of the candidates that read something, and the one to suggest, if any.

    Suggested is the simplest of those that read every value, and only when all of these agree on
    what every value means.
    """
    if not spelled or not spelled[0][1].filled:
        return ("the sample holds no value",), None
    lines = [f"{text} reads {item.read} of {item.filled}" for text, item in spelled if item.read]
    whole = [(text, item) for text, item in spelled if item.read == item.filled]
    if not whole:
        return (*lines, "no candidate reads every value"), None
    if len({item.meaning for _, item in whole}) == 1:
        return tuple(lines), whole[0][1]
    names = " and ".join(text for text, _ in whole)
    return (*lines, f"AMBIGUOUS: {names} read every value, and read some differently"), None


def ask_codes(
    sample: Sample, source: str, layout: Layout, fed: Sequence[str], person: Person
) -> list[Section]:
    """[outputs.codes.*] of fields with a closed list, and of other codes with few values."""
    contract = CONTRACTS[source]
    fields = [contract.field(name) for name in fed]
    coded = [item for item in fields if item.codes or item.name.endswith("_code")]
    coded = [item for item in coded if item.personal is None]
    if not coded:
        return []
    seen = sample.values(source, layout, [item.name for item in coded])
    sections = []
    for field in coded:
        listed = seen[field.name]
        if len(listed) > VALUES_SHOWN:
            # As many values as that are no code list; they may be anything, so none is shown.
            person.tell([f"{field.name}: more than {VALUES_SHOWN} values, no code map is asked"])
            continue
        if field.codes and all(value in field.codes for value, _ in listed):
            continue
        pairs = _ask_pairs(field, listed, person)
        if pairs:
            notes = [f"{len(listed)} different values in the sample"]
            sections.append(Section(f"[outputs.codes.{field.name}]", dict(pairs), notes))
    return sections


def _ask_pairs(
    field: Field, listed: Sequence[tuple[str, int]], person: Person
) -> Mapping[str, str]:
    """The sender's code -> ours; a value that is left out breaks the contract once a map exists."""

    def problem(_: str, ours: str) -> str | None:
        if field.codes and ours not in field.codes:
            return f"must be one of {', '.join(field.codes)}"
        return None

    what = f"our codes: {', '.join(field.codes)}" if field.codes else "any code is allowed"
    pairs = person.ask_map(
        Question(
            ("codes", field.name),
            f"What do the codes of {field.name} mean ({field.meaning_en})? All empty: they are "
            "ours; once one is mapped, a value that is not is quarantined",
            (what, *(f"seen: {value} ({times}x)" for value, times in listed)),
            kind="map", keys=tuple(value for value, _ in listed), problem=problem,
        )
    )  # fmt: skip
    own = {value: value for value, _ in listed if pairs and value in field.codes}
    return own | pairs


def ask_zero_pad(
    contract: Contract, fed: Mapping[str, SampleColumn], person: Person
) -> list[Section]:
    """[outputs.zero_pad]: codes that a spreadsheet may have stored as numbers."""
    section = Section("[outputs.zero_pad]")
    for name, column in fed.items():
        digits = [shape for shape, _ in column.shapes if shape and not shape.strip("9")]
        if contract.field(name).type != "code" or not digits or contract.field(name).codes:
            continue
        text = person.ask(
            Question(
                ("zero_pad", name),
                f"If a cell of {name} is a number: to how many digits is it padded with zeros in "
                "front? Empty: such a cell is quarantined",
                tuple(f"seen: {shape} ({times}x)" for shape, times in column.shapes),
                suggestion="",
                problem=_DIGITS,
            )
        )
        if text:
            section.entries[name] = text
    return [section]


def _is_length(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_CODE_DIGITS)


_DIGITS = text_problem(_is_length, f"must be a number of digits up to {MAX_CODE_DIGITS}, or empty")
