"""How staging names the raw columns of a source with versions, and which of them are its content.

Defines what the generated macro tells the models (generate.py). Add here a rule of naming that the
`_versions` models of several sources follow; a test holds them to it. Keep out: SQL beyond names.
"""

from collections.abc import Iterator

from contracts.base import PLACE_COLUMNS, Contract, Field
from contracts.shared_fields import RECORD_STATUS, VERSION_NUMBER

IS_PARTIAL = "is_partial"
STATEMENT_SCOPE = "statement_scope"  # a row may speak of its whole document, not only its line
_VERSION_FACTS = (VERSION_NUMBER.name, RECORD_STATUS.name, IS_PARTIAL)


def staged_columns(field: Field) -> Iterator[tuple[str, str]]:
    """(raw column, its name in staging) of every column of a field that staging shows.

    The token of `x_id_number` is `x_id_token`; of the places of `x_address` the province of today
    is shown, as `x_province_code`; a code with a match key is shown as that key.
    """
    for raw, _ in field.raw_columns():
        name = raw
        if field.personal == "identifier":
            name = raw.replace("_id_number_", "_id_")
        if field.places and raw.removeprefix(f"{field.name}_") in PLACE_COLUMNS:
            if not raw.endswith(f"_{PLACE_COLUMNS[0]}") or raw.endswith(f"_{PLACE_COLUMNS[1]}"):
                continue
            name = raw.replace("_address_", "_")
        if field.folded and field.type == "code":
            if raw == field.name:
                continue
            name = field.name
        yield raw, name


def content_columns(contract: Contract) -> tuple[str, ...]:
    """The staging columns in which a row states something about its record: all but its key, what
    speaks of the version, and lineage. Two rows say the same when they agree in these."""
    if contract.versions is None:
        return ()
    apart = {*contract.key, *_VERSION_FACTS, *contract.versions.about}
    return tuple(
        dict.fromkeys(
            name
            for field in contract.fields
            if field.name not in apart
            for raw, name in staged_columns(field)
            if raw not in contract.versions.not_compared
        )
    )


def columns_for_all_lines(contract: Contract) -> dict[str, str]:
    """Content column -> the field that a row may state for every line of its document."""
    if contract.versions is None:
        return {}
    return {
        name: field.name
        for field in contract.fields
        if field.name in contract.versions.for_all_lines
        for raw, name in staged_columns(field)
        if raw not in contract.versions.not_compared
    }


def record_key(contract: Contract) -> str:
    """SQL of the one text that names a record: the parts of its key, joined with '-'."""
    parts = [
        name if contract.field(name).type in ("text", "code") else f"cast({name} as string)"
        for name in contract.key
    ]
    return " || '-' || ".join(parts)
