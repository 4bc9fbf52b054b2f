"""Writes a sender profile as TOML: only what was decided, with the evidence as comments.

Whatever a text holds, it cannot leave its string or its comment.
Add here the spelling of a profile key that `sender new` decides. Keep out: the decisions
(sender_draft.py) and reading profiles (profile_document.py).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foundation.visible import visible

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]')
_COMMENT_CHARACTERS = 140

Value = str | int | bool | dt.date | Sequence[str]


@dataclass
class Section:
    """One table of the document: a header such as [outputs.columns], notes above, keys below."""

    header: str
    entries: dict[str, Value] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def write_toml(notes: Sequence[str], top: Mapping[str, Value], sections: Sequence[Section]) -> str:
    """The text of a profile: notes as comments, top-level keys, then the sections in order."""
    lines = [*_comments(notes), *_entries(top)]
    for section in sections:
        lines += ["", *_comments(section.notes), section.header, *_entries(section.entries)]
    return "\n".join(lines) + "\n"


def _entries(entries: Mapping[str, Value]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in entries.items()]


def _comments(notes: Sequence[str]) -> list[str]:
    return [f"# {visible(note)[:_COMMENT_CHARACTERS]}" for note in notes]


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _string(name)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return _string(value)
    return "[" + ", ".join(_string(item) for item in value) + "]"


def _string(text: str) -> str:
    escaped = _ESCAPED.sub(lambda found: _escape(found.group()), text)
    return f'"{escaped}"'


def _escape(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    return f"\\u{ord(character):04x}"
