"""A scorecard as canonical JSON, and the name that follows from its content.

Defines: `to_document`, `from_document`, `content_hash`, `version_id`, `named`. One scorecard has
one text, byte for byte; the text carries its own hash, so a row that was edited is noticed.
Add here a field of the document when the scorecard gains one. Keep out: where documents are kept.
"""

import datetime as dt
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, NoReturn

from foundation.errors import WarehouseError
from scoring.model import Bin, CalibrationBand, Scorecard

_HASH = "content_sha256"
_HASH_DIGITS = 8


def to_document(card: Scorecard) -> str:
    """One line of canonical JSON: sorted keys, sorted rows, no space, integers as integers.

    Raises ValueError when `settings` or `evaluation` hold what JSON does not (NaN, dates).
    """
    return _canonical(_body(card) | {_HASH: content_hash(card)})


def from_document(text: str) -> Scorecard:
    """The scorecard of a document. It is not validated: call `validate` before it is used.

    Raises WarehouseError naming the field that is absent, unknown or of a wrong type, or when the
    content is not what its hash says.
    """
    try:
        body = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        _refuse(f"it is no JSON object: {error}", "document")
    if not isinstance(body, dict):
        _refuse("it is no JSON object", "document")
    said = body.pop(_HASH, None)
    rows = {
        "bins": tuple(_record(Bin, row, "bins") for row in _list(body, "bins")),
        "calibration": tuple(
            _record(CalibrationBand, row, "calibration") for row in _list(body, "calibration")
        ),
    }
    card = _record(Scorecard, body | rows, "document")
    if said != content_hash(card):
        _refuse("its content is not what its hash says", _HASH)
    return card


def content_hash(card: Scorecard) -> str:
    """SHA-256 of what the model believes: everything but its name and what was measured about it.

    The same model, measured once more, is the same model.
    """
    body = _body(card)
    del body["model_version"], body["evaluation"]
    return hashlib.sha256(_canonical(body).encode()).hexdigest()


def version_id(card: Scorecard) -> str:
    """Risk type, last day of training, 8 digits of the hash: `splitting-2026-11-12-1a2b3c4d`."""
    return f"{card.risk_type}-{card.trained_on_to.isoformat()}-{content_hash(card)[:_HASH_DIGITS]}"


def named(card: Scorecard) -> Scorecard:
    """The same scorecard under the name of its content."""
    return replace(card, model_version=version_id(card))


def _body(card: Scorecard) -> dict[str, Any]:
    body = asdict(card)
    body["bins"] = sorted(body["bins"], key=lambda row: (row["feature"], row["bin_no"]))
    for day in ("trained_on_from", "trained_on_to"):
        body[day] = body[day].isoformat()
    return body


def _canonical(body: Mapping[str, Any]) -> str:
    return json.dumps(
        body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def _record(kind: type[Any], body: Any, where: str) -> Any:
    """A dataclass from a JSON object, each field present and of its declared type."""
    if not isinstance(body, dict):
        _refuse("a row is no JSON object", where)
    names = {field.name for field in fields(kind)}
    for name in sorted(names ^ set(body)):
        _refuse(f"the field {name} is {'absent' if name in names else 'unknown'}", where)
    declared = typing.get_type_hints(kind)
    return kind(**{name: _typed(declared[name], body[name], name) for name in names})


def _typed(declared: Any, value: Any, name: str) -> Any:
    options = typing.get_args(declared) if isinstance(declared, types.UnionType) else (declared,)
    if value is None and type(None) in options:
        return None
    if dt.date in options and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            _refuse(f"{name} is no day", name)
    # bool is an int in Python; in a document it is none.
    if isinstance(value, int) and not isinstance(value, bool) and int in options:
        return value
    if isinstance(value, str) and (str in options or typing.get_origin(declared) is typing.Literal):
        return value
    if isinstance(value, dict | tuple) and isinstance(
        value, typing.get_origin(declared) or types.NoneType
    ):
        return value
    _refuse(f"{name} has a value of a wrong type", name)


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    rows = body.get(name)
    if not isinstance(rows, list):
        _refuse(f"{name} is absent or no list", name)
    return rows


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key stands twice: the second would hide the first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _refuse(what: str, where: str) -> NoReturn:
    raise WarehouseError(
        f"the document of a scorecard cannot be read: {what}",
        where=where,
        remedy="take the file as it was written; a changed model is a new version",
    )
