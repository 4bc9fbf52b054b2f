"""What the pointers of a WCO amendment point at: items added, items removed, everything else.

Add here a meaning of a pointer. Keep out: the values an amendment states (wco_parts.py) and the
merging with earlier versions (dbt).

An Amendment holds a path of Pointers from the declaration (section 42A) down to the part that
changes; the last one names a field by its TagID, or the whole part when it has none. A path that
ends at a goods item (67A, 68A) without a TagID speaks of the item as a whole: listed in the same
message, the item is new (or stated anew); not listed, it is removed.
"""

from dataclasses import dataclass

from ingest.readers.xml_documents import Node, children, text
from ingest.readers.xml_rows import joined

_GOODS_ITEM_SECTION = "68A"
_LONGEST_PATHS = 1_000  # characters of `paths`


@dataclass(frozen=True)
class Pointed:
    """added, removed: sequence numbers of whole items. paths: every path, "42A/67A/68A[2]:108;...".

    A pointer without a sequence number means the first part of its kind.
    """

    added: frozenset[str]
    removed: tuple[str, ...]
    paths: str | None


def pointed_at(declaration: Node, listed: frozenset[str]) -> Pointed:
    """The pointers of an amendment. listed: sequence numbers of the items it states."""
    whole: list[str] = []
    paths: list[str] = []
    for amendment in children(declaration, "Amendment"):
        steps = [
            (text(p, "DocumentSectionCode") or "", text(p, "SequenceNumeric"), text(p, "TagID"))
            for p in children(amendment, "Pointer")
        ]
        if not steps:
            continue
        paths.append("/".join(map(_shown, steps)))
        section, sequence, tag = steps[-1]
        if section == _GOODS_ITEM_SECTION and tag is None:
            whole.append(sequence or "1")
    return Pointed(
        added=frozenset(whole) & listed,
        removed=tuple(dict.fromkeys(number for number in whole if number not in listed)),
        paths=(joined(paths, ";") or "")[:_LONGEST_PATHS] or None,
    )


def _shown(step: tuple[str, str | None, str | None]) -> str:
    section, sequence, tag = step
    return section + (f"[{sequence}]" if sequence else "") + (f":{tag}" if tag else "")
