"""Writes a sender profile from a sample by asking for every decision, each with its evidence.

What the sample leaves open is named as open; nothing is settled without an answer.
Add here a question about a key of a profile. Keep out: how the sample is looked at (sample.py), who
answers (questions.py, cli/senders.py), judging the result (sender_check.py).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.base import Contract
from contracts.catalog import CONTRACTS
from foundation.errors import UsageError
from ingest.onboarding import draft_formats
from ingest.onboarding.questions import Person, Problem, Question, text_problem
from ingest.onboarding.sample import Sample, SampleColumn, Table
from ingest.senders.profile import Layout
from ingest.senders.profile_document import WEEKDAYS
from ingest.senders.profile_text import Section, Value, write_toml
from ingest.text.labels import shown_name

KEEP = "keep"
_SENDER = re.compile(r"[a-z0-9][a-z0-9_]{1,39}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_XML_FORMATS = ("wco_xml", "cargo_xml")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


_DAY = text_problem(_is_day, "must be a day such as 2026-11-21")
_DAY_OR_NONE = text_problem(
    lambda text: not text or _is_day(text), "must be a day such as 2026-11-21, or empty"
)
_TIME = text_problem(_CLOCK.fullmatch, "must be a time such as 09:00")
_NEEDED = text_problem(str.strip, "must not be empty")
_SUFFIX = text_problem(lambda text: "/" not in text, "must be the end of a file name such as .csv")


@dataclass(frozen=True)
class Draft:
    """A profile as TOML text, and the sender it names."""

    sender: str
    valid_from: dt.date
    text: str


def draft(sample: Sample, source: str, person: Person) -> Draft:
    """Ask for everything a profile of `source` states about files like `sample`.

    Raises UsageError for an unknown source and when the file is of no format that is read;
    FileRefused when the answers do not fit the file (such as a delimiter that is not there).
    """
    if source not in CONTRACTS:
        raise UsageError(
            f"unknown source {source!r}", where="--source",
            remedy=f"use one of {', '.join(CONTRACTS)}",
        )  # fmt: skip
    top = _who(person)
    output = Section("[[outputs]]", {"source": source})
    suffix = sample.path.suffix.lower()
    output.entries["suffix"] = person.ask(
        Question(("suffix",), "How do the names of such files end?", (f"this one: {suffix}",),
                 suggestion=suffix, problem=_SUFFIX)
    )  # fmt: skip
    layout = draft_formats.ask_format(sample, person, output)
    sections = [output]
    if layout.format not in _XML_FORMATS:
        sections += _table_sections(sample, source, layout, output, person)
    notes = [
        f"Written by `import-risk sender new` from the sample {shown_name(sample.path.name)!r}.",
        "Every setting was answered by a person; comments hold what the sample said.",
    ]
    return Draft(
        str(top["sender"]),
        dt.date.fromisoformat(str(top["valid_from"])),
        write_toml(notes, top, [*_agreements(person), *sections]),
    )


def _who(person: Person) -> dict[str, Value]:
    """The top-level keys."""
    name = text_problem(_SENDER.fullmatch, "must be a-z, 0-9 and _, 2 to 40 characters")
    asked = (
        Question(("sender",), "Short name of the sender?", problem=name),
        Question(("title",), "What do these files hold?", problem=_NEEDED),
        Question(("provenance",), "Who sends them, by what agreement?", problem=_NEEDED),
        Question(("licence",), "Licence of the data, empty for none?", suggestion=""),
        Question(("layout_version",), "The sender's own name of the layout, or empty?",
                 suggestion=""),
        Question(("valid_from",), "First day of receipt (YYYY-MM-DD)?", problem=_DAY),
        Question(("valid_to",), "Last day of receipt, empty while in force?", suggestion="",
                 problem=_DAY_OR_NONE),
    )  # fmt: skip
    stated: dict[str, Value] = {}
    for question in asked:
        text = person.ask(question)
        if question.path[0].startswith("valid_") and text:
            stated[question.path[0]] = dt.date.fromisoformat(text)
        elif text:
            stated[question.path[0]] = text
    return stated


def _table_sections(
    sample: Sample, source: str, layout: Layout, output: Section, person: Person
) -> list[Section]:
    """Columns, constants, codes and formats; formats go into `output`."""
    contract = CONTRACTS[source]
    table = sample.table(layout)
    columns, kept = _ask_columns(contract, table, person)
    if kept:
        output.entries["keep"] = kept
    named = {field: name for field, name in columns.items() if field != name}
    constants = _ask_constants(contract, columns, person)
    layout = replace(layout, columns=named, constants=constants)
    sections = [
        Section("[outputs.columns]", dict(named), _column_notes(columns, table)),
        Section("[outputs.constants]", dict(constants)),
    ]
    draft_formats.ask_spellings(sample, source, layout, tuple(columns), output, person)
    sections += draft_formats.ask_codes(sample, source, layout, tuple(columns), person)
    if layout.format == "xlsx":
        shapes = {column.name: column for column in table.columns}
        fed = {field: shapes[name] for field, name in columns.items()}
        sections += draft_formats.ask_zero_pad(contract, fed, person)
    return [section for section in sections if section.entries]


def _ask_columns(
    contract: Contract, table: Table, person: Person
) -> tuple[dict[str, str], list[str]]:
    """(contract field -> column, columns kept beside the row), asked column by column."""
    person.tell(
        [
            f"{table.rows} rows looked at, {len(table.columns)} columns",
            f"fields of {contract.source} (* required, ! personal):",
            *(
                f"  {field.name}{'*' if field.required else ''}{'!' if field.personal else ''}: "
                f"{field.meaning_vi} | {field.meaning_en}"
                for field in contract.fields
            ),
            *(f"note: {warning}" for warning in table.warnings if "unknown_col" not in warning),
        ]
    )
    fields = {field.name for field in contract.fields}
    fed: dict[str, str] = {}
    kept: list[str] = []
    for column in table.columns:
        answer = person.ask(
            Question(
                ("columns", column.name),
                f"Which field does the column {column.name!r} feed? Several with commas; empty: "
                f"none; {KEEP}: none, but its values stay and hold nothing personal",
                _column_evidence(column, table.rows),
                suggestion=column.name if column.name in fields else None,
                problem=_column_problem(fields, dict(fed), column.name),
            )
        )
        names = _names(answer)
        if names == [KEEP]:
            kept.append(column.name)
        else:
            fed |= dict.fromkeys(names, column.name)
    return fed, kept


def _column_problem(fields: set[str], fed: Mapping[str, str], column: str) -> Problem:
    """Of an answer that names the fields of one column. fed: what earlier columns feed."""

    def problem(_: str, text: str) -> str | None:
        names = _names(text)
        unknown = [name for name in names if name not in fields and name != KEEP]
        taken = [name for name in names if name in fed]
        if unknown:
            return f"{unknown[0]!r} is no field of this source"
        if taken:
            return f"{taken[0]!r} is fed by the column {fed[taken[0]]!r} already"
        if KEEP in names and len(names) > 1:
            return f"{KEEP!r} excludes fields"
        if column in fields and column not in names:
            return f"a column called like the field {column!r} always feeds it"
        return None

    return problem


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _column_evidence(column: SampleColumn, rows: int) -> tuple[str, ...]:
    shapes = ", ".join(f"{shape} ({times}x)" for shape, times in column.shapes)
    filled = f"filled in {column.filled} of {rows} rows, at most {column.longest} characters"
    return (filled, f"shapes: {shapes}") if shapes else (filled,)


def _column_notes(columns: Mapping[str, str], table: Table) -> list[str]:
    used = set(columns.values())
    unused = [shown_name(item.name) for item in table.columns if item.name not in used]
    return [f"Columns of the sample that feed nothing: {', '.join(unused)}"] if unused else []


def _ask_constants(contract: Contract, fed: Mapping[str, str], person: Person) -> dict[str, str]:
    """Values that hold for every row: demanded for required fields without a column."""
    missing = [field for field in contract.fields if field.required and field.name not in fed]
    constants = {
        field.name: person.ask(
            Question(
                ("constants", field.name),
                f"No column feeds the required field {field.name!r} ({field.meaning_en}). Which "
                "value holds for every row?",
                (f"one of {', '.join(field.codes)}",) if field.codes else (),
                choices=field.codes,
                problem=_NEEDED,
            )
        )
        for field in missing
    }
    others = {
        field.name: field.codes
        for field in contract.fields
        if field.name not in fed and not field.required
    }

    def problem(name: str, text: str) -> str | None:
        codes = others[name]
        if codes and text not in codes:
            return f"must be one of {', '.join(codes)}"
        return None

    stated = person.ask_map(
        Question(
            ("more_constants",),
            "Which other fields have one value for every row (such as currency_code)?",
            kind="pairs", keys=tuple(others), problem=problem,
        )
    )  # fmt: skip
    return constants | stated


def _agreements(person: Person) -> Sequence[Section]:
    """[control] and [calendar], when there are such agreements with the sender."""
    return [section for section in (_control(person), _calendar(person)) if section is not None]


def _control(person: Person) -> Section | None:
    suffix = person.ask(
        Question(
            ("control", "suffix"),
            "How does the name of the control manifest beside the files end (.manifest.csv)? "
            "Empty: the sender states no rows, sums or sha256",
            suggestion="",
            problem=_SUFFIX,
        )
    )
    if not suffix:
        return None
    section = Section("[control]", {"suffix": suffix})
    required = person.ask(
        Question(("control", "required"), "Is a file without a manifest refused?",
                 choices=("yes", "no"))
    )  # fmt: skip
    section.entries["required"] = required == "yes"
    for key, default in (("file", "file"), ("sha256", "sha256"), ("rows", "rows")):
        section.entries[f"{key}_column"] = person.ask(
            Question(("control", f"{key}_column"), f"Its column with the {key}, empty for none?",
                     suggestion=default)
        )  # fmt: skip
    section.notes.append('Sums per file: add [control.sums] with contract_field = "column".')
    return section


def _calendar(person: Person) -> Section | None:
    days = text_problem(
        lambda text: set(_names(text)) <= set(WEEKDAYS), f"must hold only {', '.join(WEEKDAYS)}"
    )
    weekdays = _names(
        person.ask(
            Question(
                ("calendar", "weekdays"),
                "On which days of receipt are files expected (mon, tue, ...)? Empty: on none",
                suggestion="", problem=days,
            )
        )
    )  # fmt: skip
    if not weekdays:
        return None
    by = person.ask(
        Question(
            ("calendar", "by"), "By what time of day in Viet Nam?", suggestion="23:59",
            problem=_TIME,
        )
    )  # fmt: skip
    return Section("[calendar]", {"weekdays": weekdays, "by": by})
