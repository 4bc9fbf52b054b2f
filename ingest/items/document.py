"""A home's own table of item names as one document: the text that is kept, and read again.

Defines: `ItemDocument`, `to_document`, `from_document`, `is_document`. Add here a field of the
document. Keep out: where documents are kept (runs/model_registry.py), how points are learnt.

One table has one text, byte for byte, and the text carries the hash of what it believes. It holds
terms of goods names alone: never a name as delivered, nothing of the persons who declared it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from foundation.errors import WarehouseError
from foundation.files import canonical_json
from ingest.items.calibration import Calibration
from ingest.items.model import Points
from ingest.items.table import ItemModel, require_whole
from ledger.model_periods import ITEM_NAMES

_HASH = "content_sha256"
_HASH_DIGITS = 8


@dataclass(frozen=True)
class ItemDocument:
    """A table and what it rests on.

    labels: declared items that it was learnt from. limits: fewest different names of a fit, as the
    rules said then. evaluation: what was measured on names that it had not seen.
    """

    model: ItemModel
    trained_on_from: dt.date
    trained_on_to: dt.date
    labels: int
    names: int
    limits: Mapping[str, int] = field(default_factory=dict)
    evaluation: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """SHA-256 of what it believes and rests on: not of what was measured about it."""
        return hashlib.sha256(canonical_json(_content(self)).encode()).hexdigest()

    @property
    def version(self) -> str:
        """`item_names-2026-11-14-1a2b3c4d`: last day learnt, digits of the hash."""
        return f"{ITEM_NAMES}-{self.trained_on_to}-{self.content_hash[:_HASH_DIGITS]}"


def to_document(table: ItemDocument) -> str:
    """Canonical JSON."""
    told = {_HASH: table.content_hash, "model_version": table.version}
    return canonical_json({**_content(table), **told, "evaluation": dict(table.evaluation)})


def is_document(text: str) -> bool:
    """Whether a text is meant to be a table of item names; whether it is whole is not asked."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and body.get("risk_type") == ITEM_NAMES


def from_document(text: str) -> ItemDocument:
    """The table of a document. Raises WarehouseError for one that is broken or was changed."""
    try:
        body = json.loads(text)
        terms, codes, values = (body["points"][name] for name in ("term", "hs4", "points"))
        points = Points(
            pa.array(terms, pa.string()),
            pa.array(codes, pa.string()),
            np.array(values, dtype=np.int64),
        )
        table = ItemDocument(
            ItemModel(points, Calibration(**body["calibration"])),
            dt.date.fromisoformat(body["trained_on_from"]),
            dt.date.fromisoformat(body["trained_on_to"]),
            body["labels"],
            body["names"],
            body["limits"],
            body["evaluation"],
        )
        said = body[_HASH]
    except (ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _refused(f"it cannot be read: {error!r}") from error
    if said != table.content_hash:
        raise _refused("its content is not what its hash says")
    require_whole(points, "document")
    return table


def _content(table: ItemDocument) -> dict[str, Any]:
    points = table.model.points
    return {
        "risk_type": ITEM_NAMES,
        "trained_on_from": table.trained_on_from.isoformat(),
        "trained_on_to": table.trained_on_to.isoformat(),
        "labels": table.labels,
        "names": table.names,
        "limits": dict(table.limits),
        "calibration": asdict(table.model.calibration),
        "points": {
            "term": points.term.to_pylist(),
            "hs4": points.hs4.to_pylist(),
            "points": points.points.tolist(),
        },
    }


def _refused(what: str) -> WarehouseError:
    return WarehouseError(
        f"the document of a table of item names is refused: {what}",
        where="document",
        remedy="take the document as `calibrate --item-names` wrote it",
    )
