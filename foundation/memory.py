"""Memory that does not suffice: told apart from other failures, and named with the limit.

Add here another sign by which a library says that memory ran out. Keep out: how much a step needs,
and setting the limit (runs.settings, ingest.sandbox).
"""

from foundation.errors import WarehouseError

# How DuckDB, Python and Arrow put it, in their own words.
_SIGNS = ("Out of Memory Error", "OutOfMemoryException", "MemoryError", "ArrowMemoryError")
_NAMED = "out of memory ("
_REMEDY = (
    "raise IMPORT_RISK_MEMORY_LIMIT, at most to what the machine can spare, or compute fewer days"
    " at a time; then run again"
)


class OutOfMemory(WarehouseError):
    """The memory that a stage may use does not suffice; what was published before is untouched."""


def is_short(error: BaseException | str) -> bool:
    """Whether an error, one of its causes, or the text of an error says that memory ran out."""
    if isinstance(error, str):
        return any(sign in error for sign in _SIGNS)
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OutOfMemory | MemoryError) or is_short(str(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def is_named(text: str) -> bool:
    """Whether a text holds what `short` says: the stage has told its limit and place already."""
    return _NAMED in text


def short(what: str, *, limit: str, where: str) -> OutOfMemory:
    """The error for stage `what` that ran out of `limit` at `where` (a model, a rule, a file)."""
    return OutOfMemory(
        f"{_NAMED}{what}): IMPORT_RISK_MEMORY_LIMIT={limit} does not suffice",
        where=where,
        remedy=_REMEDY,
    )
