"""A JSON file of `import-risk calc`: what is accepted, and which entry is wrong.

Defines: `read_document`, `Entry`. Add here a rule of JSON input. Keep out: rules of a method
(scenarios/), CSV (tables.py).

Every key that a method asks for must be there; others are left alone.
"""

import json
import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cli.calculator.tables import utf8_text
from foundation.errors import UsageError

_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}


@dataclass(frozen=True)
class Entry:
    """A value of the document and what it is called in a message."""

    path: Path
    place: str
    value: Any

    def __getitem__(self, key: str) -> "Entry":
        """The entry of an object. Raises UsageError: no object, or the key is missing."""
        if not isinstance(self.value, dict):
            self.refuse(f"is {_kind(self.value)} where an object is asked", "give an object")
        if key not in self.value:
            self.refuse(f"the key {key!r} is missing", f"add {key!r}")
        place = key if self.place == "the document" else f"{key} of {self.place}"
        return Entry(self.path, place, self.value[key])

    def entries(self, called: str = "entry") -> list["Entry"]:
        """The entries of a list, by their number. Raises UsageError: no list, or an empty one."""
        if not isinstance(self.value, list):
            self.refuse(f"is {_kind(self.value)} where a list is asked", "give a list")
        if not self.value:
            self.refuse("is an empty list", "give at least one entry")
        return [
            Entry(self.path, f"{called} {number} of {self.place}", value)
            for number, value in enumerate(self.value, 1)
        ]

    def text(self) -> str:
        """A text that is not empty, without blanks around it, in one Unicode form."""
        if not isinstance(self.value, str):
            self.refuse(f"is {_kind(self.value)} where a text is asked", "put it in quotes")
        found = unicodedata.normalize("NFC", self.value.strip())
        if not found:
            self.refuse("is empty", "give it a name")
        return found

    def number(self) -> float:
        """A finite number; true, false and texts are none."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            shown = f" {self.value[:60]!r}" if isinstance(self.value, str) else ""
            self.refuse(
                f"is {_kind(self.value)}{shown} where a number is asked",
                "write it without quotes and with a point, like 1234.5",
            )
        try:
            found = float(self.value)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            self.refuse("is no finite number", "give a finite number")
        return found

    def numbers(self) -> list[float]:
        """A list of finite numbers."""
        return [one.number() for one in self.entries()]

    def refuse(self, what: str, remedy: str) -> NoReturn:
        """Raises UsageError with this entry as its place."""
        raise UsageError(what, where=f"{self.path}, {self.place}", remedy=remedy)


def read_document(path: Path) -> Entry:
    """The document of a file.

    Raises UsageError: what `utf8_text` raises; no JSON, a key twice in one object, NaN, infinity.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            refuse(f"the key {twice!r} stands twice in one object", "keep one of them")
        return found

    def refuse(what: str, remedy: str, line: int | None = None) -> NoReturn:
        where = str(path) if line is None else f"{path}, line {line}"
        raise UsageError(what, where=where, remedy=remedy)

    def no_constant(name: str) -> NoReturn:
        refuse(f"holds {name}, which is no finite number", "give a finite number")

    text = utf8_text(path)
    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        refuse(
            f"this is no JSON ({error.msg}, column {error.colno})",
            "mend it; a decimal sign is a point, and a comma stands between entries only",
            error.lineno,
        )
    except RecursionError:
        refuse("the document is nested too deeply", "give the keys that the method names")
    except ValueError:  # an integer of thousands of digits
        refuse("holds a number with too many digits", "give a finite number")
    document = Entry(path, "the document", value)
    if not isinstance(value, dict):
        document.refuse(f"is {_kind(value)} where an object is asked", "put it in braces")
    return document


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")
