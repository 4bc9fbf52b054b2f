"""From delivered text to typed values: one SQL expression per field, and the rule that it broke.

Nothing is guessed: a text that does not have the stated format is a violation, with a reason code.
Add here a field type or a rule of the contract. Keep out: the query around the expressions and the
rows' fate (conform.py), personal values' normal forms (normalise.py).
"""

from dataclasses import dataclass

from ingest.contracts.base import Field
from ingest.normalise import clean_code, clean_text
from ingest.readers.base import literal, quoted
from ingest.senders import Layout

LOCAL_ZONE = "Asia/Ho_Chi_Minh"
# The local zone has been UTC+7 without daylight saving since 13 June 1975, so plain arithmetic is
# exact for every year accepted below.
_LOCAL_OFFSET = "interval 7 hours"
_FIRST_YEAR, _LAST_YEAR = 1976, 2199

# The years of the range above; stated formats are checked by year() instead.
_ISO_DATE = "(197[6-9]|19[89][0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}"
_ISO_TIMESTAMP = _ISO_DATE + "[T ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"
_ISO_OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"


@dataclass(frozen=True)
class TypedField:
    """SQL of one field over the delivered columns and, above them, over the typed ones.

    value: typed value from the delivered text; null when empty or wrong. holds: condition over
    delivered and typed columns that is true (never null) when the contract holds. reason: the rule
    that is broken, only evaluated for rows that break one. local_date: for timestamps, over the
    typed column.
    """

    field: Field
    value: str
    holds: str
    reason: str
    local_date: str | None = None


def delivered(field: Field) -> str:
    """The column with the text as delivered, inside the conforming query."""
    return quoted(f"d_{field.name}")


def typed(field: Field) -> str:
    """The column with the typed value, inside the conforming query."""
    return quoted(f"t_{field.name}")


def local_date(utc: str) -> str:
    """SQL of the local (Asia/Ho_Chi_Minh) date of a UTC timestamp."""
    return f"({utc} + {_LOCAL_OFFSET})::date"


def typed_field(field: Field, layout: Layout) -> TypedField:
    """The expressions of one contract field under one layout."""
    source, value = delivered(field), typed(field)
    is_text = field.type in ("text", "code")
    if is_derived(field):
        return _derived_field(field, source)
    if is_text:
        expression, format_reason = _text(field, layout, source), "code_not_mapped"
    else:
        # Blanks and invisible characters around a value are only removed when it cannot be read.
        at_once = _parsed(field, layout, _mapped(field, layout, source))
        cleaned = _parsed(field, layout, _mapped(field, layout, clean_text(source)))
        expression, format_reason = f"coalesce({at_once}, {cleaned})", f"{field.type}_format"
    rules: list[tuple[str, str]] = []
    if field.required:
        rules.append((f"{source} is null or {clean_text(source)} is null", "required"))
    if not is_text or field.name in layout.codes:
        unread = f"{source} is not null and {value} is null and {clean_text(source)} is not null"
        if field.name in layout.codes:
            unmapped = f"{_mapped(field, layout, clean_text(source))} is null"
            rules.append((f"{unread} and {unmapped}", "code_not_mapped"))
        if field.type in ("decimal", "integer"):
            shape = _number_shape(layout, None if field.type == "decimal" else 0)
            text = _mapped(field, layout, clean_text(source))
            rules.append(
                (f"{unread} and regexp_full_match({text}, '{shape}')", "precision_exceeded")
            )
        rules.append((unread, format_reason))
    if field.codes:
        allowed = ", ".join(literal(code) for code in field.codes)
        rules.append((f"{value} is not null and {value} not in ({allowed})", "not_in_code_list"))
    if field.minimum is not None:
        rules.append((f"{value} is not null and {value} < {field.minimum}", "below_minimum"))
    if is_text:
        limit = field.max_length
        rules.append(
            (
                f"{value} is not null and strlen({value}) > {limit} and length({value}) > {limit}",
                "too_long",
            )
        )
    branches = " ".join(f"when {broken} then {literal(reason)}" for broken, reason in rules)
    return TypedField(
        field=field,
        value=expression,
        holds=_holds(field, layout, source, value),
        reason=f"case {branches} end",
        local_date=local_date(value) if field.type == "timestamp" else None,
    )


def is_derived(field: Field) -> bool:
    """Whether derive.py makes the raw columns: the text passes through typing as delivered."""
    return field.personal is not None or field.folded


def _derived_field(field: Field, source: str) -> TypedField:
    limit, cleaned = field.max_length, clean_text(source)
    # Cleaning never makes a text longer, so a short text needs no cleaning to be short enough.
    # CASE, because AND evaluates both sides for every row.
    long = (
        f"coalesce(case when strlen({source}) > {limit} "
        f"then length({cleaned}) > {limit} end, false)"
    )
    missing = f"{cleaned} is null" if field.required else "false"
    return TypedField(
        field=field,
        value=source,
        holds=f"not ({long}) and not ({missing})",
        reason=f"case when {missing} then 'required' when {long} then 'too_long' end",
    )


def _holds(field: Field, layout: Layout, source: str, value: str) -> str:
    """The cheap form of "no rule is broken": no text work for a value that could be read."""
    parts = []
    if field.required:
        parts.append(f"{value} is not null")
    elif field.type not in ("text", "code") or field.name in layout.codes:
        parts.append(
            f"({value} is not null or {source} is null "
            f"or case when {value} is null then {clean_text(source)} is null else true end)"
        )
    if field.codes:
        allowed = ", ".join(literal(code) for code in field.codes)
        parts.append(f"({value} is null or {value} in ({allowed}))")
    if field.minimum is not None:
        parts.append(f"({value} is null or {value} >= {field.minimum})")
    if field.type in ("text", "code"):
        limit = field.max_length
        # Bytes are cheap to count and never fewer than characters; CASE spares the second count.
        parts.append(
            f"coalesce(case when strlen({value}) > {limit} "
            f"then length({value}) <= {limit} end, true)"
        )
    return " and ".join(parts) or "true"


def _mapped(field: Field, layout: Layout, text: str) -> str:
    codes = layout.codes.get(field.name)
    if codes is None:
        return text
    pairs = " ".join(
        f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in codes.items()
    )
    return f"case {text} {pairs} end"


def _text(field: Field, layout: Layout, source: str) -> str:
    cleaned = clean_code(source, field.max_length) if field.type == "code" else clean_text(source)
    cleaned = _mapped(field, layout, cleaned)
    prefix = layout.prefix.get(field.name)
    return cleaned if prefix is None else f"{literal(prefix)} || {cleaned}"


def _number_shape(layout: Layout, scale: int | None) -> str:
    """Regular expression of a number in this layout. scale: most decimals; None: any number."""
    whole = "[0-9]+"
    if layout.thousands_separator:
        separator = layout.thousands_separator.replace("'", "''")
        whole = f"([0-9]+|[0-9]{{1,3}}([{separator}][0-9]{{3}})+)"
    point = f"[{layout.decimal_separator}]"
    if scale is None:
        return f"-?{whole}({point}[0-9]+)?"
    if scale == 0:
        return f"-?{whole}"
    return f"-?{whole}({point}[0-9]{{1,{scale}}}0*)?"


def _parsed(field: Field, layout: Layout, text: str) -> str:
    """SQL of the typed value of a text; null when the text does not have the stated format."""
    if field.type in ("decimal", "integer"):
        shape = _number_shape(layout, field.scale if field.type == "decimal" else 0)
        digits = text
        if layout.thousands_separator:
            digits = f"replace({digits}, {literal(layout.thousands_separator)}, '')"
        if layout.decimal_separator != ".":
            digits = f"replace({digits}, {literal(layout.decimal_separator)}, '.')"
        return (
            f"case when regexp_full_match({text}, '{shape}') "
            f"then try_cast({digits} as {field.sql_type()}) end"
        )
    if field.type == "boolean":
        return (
            f"case {text} when 'true' then true when '1' then true "
            f"when 'false' then false when '0' then false end"
        )
    if field.type == "date":
        return _parsed_date(layout, text)
    return _parsed_timestamp(layout, text)


def _in_range(value: str) -> str:
    return f"case when year({value}) between {_FIRST_YEAR} and {_LAST_YEAR} then {value} end"


def _parsed_date(layout: Layout, text: str) -> str:
    if layout.date_format:
        return _in_range(f"try_strptime({text}, {literal(layout.date_format)})::date")
    return f"case when regexp_full_match({text}, '{_ISO_DATE}') then try_cast({text} as date) end"


def _parsed_timestamp(layout: Layout, text: str) -> str:
    """UTC timestamp; a text without an offset is in the layout's time zone."""
    naive_text = f"case when regexp_full_match({text}, '{_ISO_TIMESTAMP}') then {text} end"
    naive = f"try_cast({naive_text} as timestamp)"
    if layout.timestamp_format:
        naive = _in_range(f"try_strptime({text}, {literal(layout.timestamp_format)})")
    if layout.time_zone == LOCAL_ZONE:
        utc = f"({naive} - {_LOCAL_OFFSET})"
    else:
        utc = f"timezone('UTC', timezone({literal(layout.time_zone)}, {naive}))"
    if layout.timestamp_format:
        return utc
    has_offset = f"regexp_full_match({text}, '{_ISO_TIMESTAMP}{_ISO_OFFSET}')"
    zoned_text = f"case when {has_offset} then {text} end"
    zoned = f"timezone('UTC', try_cast({zoned_text} as timestamptz))"
    return f"coalesce({utc}, {zoned})"
