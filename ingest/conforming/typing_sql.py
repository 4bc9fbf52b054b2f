"""From delivered text to typed values: one SQL expression per field, and the rule that it broke.

Nothing is guessed: a text that does not have the stated format is a violation, with a reason code.
Add here a field type or a rule of the contract. Keep out: the query around the expressions and the
rows' fate (conform.py), personal values' normal forms (normalise.py).
"""

import datetime as dt
from dataclasses import dataclass

from contracts.base import Agreeing, Field, Narrowed
from ingest.outcomes import ALL, NONE
from ingest.readers.base import literal, quoted
from ingest.senders.profile import Layout
from ingest.text.check_digits import CHECKS, broken_rule
from ingest.text.normalise import clean_code, clean_text

LOCAL_ZONE = "Asia/Ho_Chi_Minh"
# The local zone has been UTC+7 without daylight saving since 13 June 1975, so plain arithmetic is
# exact for every year accepted below.
_LOCAL_OFFSET = "interval 7 hours"
_FIRST_YEAR, _LAST_YEAR = 1976, 2199
# A file received on a day came before that day ended in Viet Nam. A sender's clock may be fast by
# this much; what is later than both together has not happened yet.
CLOCK_TOLERANCE = dt.timedelta(hours=1)
# Reasons that speak of the file: one such row shows that the profile does not describe it.
FILE_REASON_CODES = frozenset(("ambiguous_number", "date_order_contradicted"))

# The years of the range above; stated formats are checked by year() instead.
_ISO_DATE = "(197[6-9]|19[89][0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}"
_ISO_TIMESTAMP = _ISO_DATE + "[T ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"
_ISO_OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
# 1.234 and 1,234: a thousand and more, or one and a bit. 0.500 and 12.34 are not ambiguous.
_AMBIGUOUS = "-?[1-9][0-9]{0,2}[.,][0-9]{3}"


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


def typed_field(
    field: Field, layout: Layout, received: dt.date | None = None, *, tidy: str = NONE
) -> TypedField:
    """The expressions of one contract field under one layout.

    tidy: condition that holds where every delivered text is its own cleaned text, so that nothing
    has to be cleaned (outcomes.ReadOutcome).
    received: day of receipt in Viet Nam; with it, what has not happened by then breaks the rules of
    a field that states what has happened.
    """
    source, value = delivered(field), typed(field)
    is_text = field.type in ("text", "code")
    if is_derived(field):
        return _derived_field(field, layout, source)
    if is_text:
        expression = _text(field, layout, source, tidy)
    else:
        # Blanks and invisible characters around a value are only removed when it cannot be read.
        at_once = _parsed(field, layout, _mapped(field, layout, source))
        cleaned = _parsed(field, layout, _mapped(field, layout, clean_text(source)))
        expression = at_once if tidy == ALL else f"coalesce({at_once}, {cleaned})"
    latest = _latest(field, received)
    rules = _rules(field, layout, source, value, latest)
    branches = " ".join(f"when {broken} then {literal(reason)}" for broken, reason in rules)
    return TypedField(
        field=field,
        value=expression,
        holds=_holds(field, layout, source, value, latest),
        reason=f"case {branches} end",
        local_date=local_date(value) if field.type == "timestamp" else None,
    )


def _rules(
    field: Field, layout: Layout, source: str, value: str, latest: str | None
) -> list[tuple[str, str]]:
    """(condition over delivered and typed columns, reason code): the first that is true counts."""
    is_text = field.type in ("text", "code")
    rules: list[tuple[str, str]] = []
    if _may_be_ambiguous(field, layout):
        rules.append((_is_ambiguous(source), "ambiguous_number"))
    if field.required:
        rules.append((f"{source} is null or {clean_text(source)} is null", "required"))
    if not is_text or field.name in layout.codes:
        rules += _unread_rules(field, layout, source, value)
    if field.codes:
        allowed = _listed(field.codes)
        rules.append((f"{value} is not null and {value} not in ({allowed})", "not_in_code_list"))
    if field.minimum is not None:
        rules.append((f"{value} is not null and {value} < {field.minimum}", "below_minimum"))
    if field.maximum is not None:
        rules.append((f"{value} is not null and {value} > {field.maximum}", "above_maximum"))
    for range_ in field.narrowed:
        applies = f"{_applies(range_)} and {value} is not null"
        rules.append((f"{applies} and {value} < {range_.minimum:f}", "below_minimum"))
        rules.append((f"{applies} and {value} > {range_.maximum:f}", "above_maximum"))
    rules += _beside_others(field, value)
    if field.earliest is not None:
        earliest = _earliest(field, field.earliest)
        rules.append((f"{value} is not null and {value} < {earliest}", "before_first_day"))
    if latest is not None:
        rules.append((f"{value} is not null and {value} > {latest}", "in_the_future"))
    if is_text:
        limit = field.max_length
        long = f"{value} is not null and strlen({value}) > {limit} and length({value}) > {limit}"
        rules.append((long, "too_long"))
    for check in _checks(field, layout):
        rules += CHECKS[check](value)
    return rules


def _checks(field: Field, layout: Layout) -> tuple[str, ...]:
    """The kinds of identifier a code must be: what its contract asks and what its sender states."""
    stated = (field.check, layout.checks.get(field.name))
    return tuple(dict.fromkeys(check for check in stated if check))


def _beside_others(field: Field, value: str) -> list[tuple[str, str]]:
    """Where a value contradicts another one of its row."""
    rules = [
        (f"{_applies(said)} and {value} not in ({_listed(said.codes)})", "codes_contradict")
        for said in field.agreeing
    ]
    if field.not_before:
        first, second = _days_of(field, value)
        rules.append((f"{second} < {first}", "before_other_time"))
    return rules


def _days_of(field: Field, value: str) -> tuple[str, str]:
    """SQL of the days of the other time of a row and of this one: where one states a day alone, it
    is the first moment of it."""
    other = quoted("t_" + field.not_before)
    if field.type == "date":
        return other, value
    return local_date(other), local_date(value)


def _unread_rules(field: Field, layout: Layout, source: str, value: str) -> list[tuple[str, str]]:
    """Why a delivered text has no typed value."""
    cleaned = clean_text(source)
    unread = f"{source} is not null and {value} is null and {cleaned} is not null"
    mapped = _mapped(field, layout, cleaned)
    rules: list[tuple[str, str]] = []
    if field.name in layout.codes:
        rules.append((f"{unread} and {mapped} is null", "code_not_mapped"))
    if field.type in ("decimal", "integer"):
        shape = _number_shape(layout, None if field.type == "decimal" else 0)
        text = _without_unit(field, layout, mapped)
        rules.append((f"{unread} and regexp_full_match({text}, '{shape}')", "precision_exceeded"))
    swapped = _other_order(field, layout, cleaned)
    if swapped is not None:
        rules.append((f"{unread} and {swapped} is not null", "date_order_contradicted"))
    is_text = field.type in ("text", "code")
    rules.append((unread, "code_not_mapped" if is_text else f"{field.type}_format"))
    return rules


def is_derived(field: Field) -> bool:
    """Whether derive.py makes the raw columns: the text passes through typing as delivered."""
    return field.personal is not None or field.folded


def _derived_field(field: Field, layout: Layout, source: str) -> TypedField:
    limit, cleaned = field.max_length, clean_text(source)
    # Cleaning never makes a text longer, so a short text needs no cleaning to be short enough.
    # CASE, because AND evaluates both sides for every row.
    long = (
        f"coalesce(case when strlen({source}) > {limit} "
        f"then length({cleaned}) > {limit} end, false)"
    )
    missing = f"{cleaned} is null" if field.required else "false"
    value, unmapped = source, "false"
    if field.name in layout.codes or field.name in layout.prefix:
        value = _text(field, layout, source, NONE)
        unmapped = f"{value} is null and {cleaned} is not null"
    return TypedField(
        field=field,
        value=value,
        holds=f"not ({long}) and not ({missing}) and not ({unmapped})",
        reason=f"case when {missing} then 'required' when {long} then 'too_long' "
        f"when {unmapped} then 'code_not_mapped' end",
    )


def _latest(field: Field, received: dt.date | None) -> str | None:
    """SQL of the latest value that can have happened when the file was received."""
    if received is None or not field.has_happened:
        return None
    if field.type == "date":
        return f"date '{received.isoformat()}'"
    end = dt.datetime.combine(received, dt.time()) + dt.timedelta(days=1) + CLOCK_TOLERANCE
    return f"(timestamp '{end.isoformat(sep=' ')}' - {_LOCAL_OFFSET})"


def _earliest(field: Field, day: dt.date) -> str:
    """SQL of the first value of `day` in Viet Nam."""
    if field.type == "date":
        return f"date '{day.isoformat()}'"
    return f"(timestamp '{day.isoformat()}' - {_LOCAL_OFFSET})"


def _applies(where: Narrowed | Agreeing) -> str:
    """SQL of whether a row is one of those; never null. The code is another typed column."""
    code = quoted(f"t_{where.field}")
    return f"({code} is not distinct from {literal(where.code)})"


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(literal(code) for code in codes)


def _may_be_ambiguous(field: Field, layout: Layout) -> bool:
    return not layout.states_numbers and field.type in ("decimal", "integer")


def _is_ambiguous(source: str) -> str:
    return f"{source} is not null and regexp_full_match({clean_text(source)}, '{_AMBIGUOUS}')"


def _other_order(field: Field, layout: Layout, text: str) -> str | None:
    """SQL of the value that a text has when day and month change places in the stated format."""
    pattern = layout.date_format if field.type == "date" else layout.timestamp_format
    if field.type not in ("date", "timestamp") or "%d" not in pattern or "%m" not in pattern:
        return None
    swapped = pattern.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")
    return _in_range(f"try_strptime({text}, {literal(swapped)})")


def _holds(field: Field, layout: Layout, source: str, value: str, latest: str | None) -> str:
    """The cheap form of "no rule is broken": no text work for a value that could be read."""
    parts = []
    if _may_be_ambiguous(field, layout):
        parts.append(f"not coalesce({_is_ambiguous(source)}, false)")
    if field.required:
        parts.append(f"{value} is not null")
    elif field.type not in ("text", "code") or field.name in layout.codes:
        parts.append(
            f"({value} is not null or {source} is null "
            f"or case when {value} is null then {clean_text(source)} is null else true end)"
        )
    if field.codes:
        allowed = _listed(field.codes)
        parts.append(f"({value} is null or {value} in ({allowed}))")
    if field.minimum is not None:
        parts.append(f"({value} is null or {value} >= {field.minimum})")
    if field.maximum is not None:
        parts.append(f"({value} is null or {value} <= {field.maximum})")
    parts += [
        f"(not {_applies(range_)} or {value} is null "
        f"or {value} between {range_.minimum:f} and {range_.maximum:f})"
        for range_ in field.narrowed
    ]
    parts += [
        f"(not {_applies(agreeing)} or {value} is null or {value} in ({_listed(agreeing.codes)}))"
        for agreeing in field.agreeing
    ]
    if field.not_before:
        first, second = _days_of(field, value)
        parts.append(f"coalesce({second} >= {first}, true)")
    if field.earliest is not None:
        parts.append(f"({value} is null or {value} >= {_earliest(field, field.earliest)})")
    if latest is not None:
        parts.append(f"({value} is null or {value} <= {latest})")
    if field.type in ("text", "code"):
        limit = field.max_length
        # Bytes are cheap to count and never fewer than characters; CASE spares the second count.
        parts.append(
            f"coalesce(case when strlen({value}) > {limit} "
            f"then length({value}) <= {limit} end, true)"
        )
    parts += [f"({broken_rule(check, value)}) is null" for check in _checks(field, layout)]
    return " and ".join(parts) or "true"


def _mapped(field: Field, layout: Layout, text: str) -> str:
    codes = layout.codes.get(field.name)
    if codes is None:
        return text
    pairs = " ".join(
        f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in codes.items()
    )
    return f"case {text} {pairs} end"


def _text(field: Field, layout: Layout, source: str, tidy: str) -> str:
    is_code = field.type == "code"
    cleaned = clean_code(source, field.max_length) if is_code else clean_text(source)
    if tidy != NONE:
        cleaned = source if tidy == ALL else f"case when {tidy} then {source} else {cleaned} end"
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
        text = _without_unit(field, layout, text)
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


def _without_unit(field: Field, layout: Layout, text: str) -> str:
    """The text without the unit that the profile lets stand beside the numbers of this field."""
    unit = layout.units.get(field.name)
    if unit is None:
        return text
    sign, length = literal(unit), len(unit)
    return (
        f"case when ends_with({text}, {sign}) then rtrim(left({text}, -{length})) "
        f"when starts_with({text}, {sign}) then ltrim(substr({text}, {length + 1})) "
        f"else {text} end"
    )


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
