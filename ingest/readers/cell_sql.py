"""What a workbook's cell means to a field: its text in the sender's formats, or how it was damaged.

Pure SQL text, like typing_sql.py. Add here a way in which a workbook damages values. Keep out:
where cells come from (xlsx.py) and the contract's own rules (typing_sql.py).
"""

from dataclasses import dataclass

from contracts.base import Field
from ingest.readers.base import literal
from ingest.senders.profile import Layout

# A spreadsheet keeps 15 digits of a number and puts zeros behind them.
_KEPT_DIGITS = 15
# How a long number looks once a spreadsheet has shown it as text: 9.4E+15.
_SCIENTIFIC = "[0-9]([.,][0-9]+)?[eE][+][0-9]{1,3}"
_DATE_SHAPE = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?"
# Days since the epoch of the workbook, for the years that dates may have.
_SERIAL_SHAPE = "[0-9]{4,6}([.][0-9]+)?"
# Serial dates carry rounding noise: this close to a full second, the full second is meant.
_NOISE_MILLISECONDS = 5
_DAY_MILLISECONDS = 86_400_000
_EPOCHS = {False: "1899-12-30", True: "1904-01-01"}


@dataclass(frozen=True)
class Cell:
    """SQL of one column of cells.

    text: what the cell shows, null when empty; numbers as plain digits with a point, at most nine
    decimals; dates ISO 8601. numeric: a column that is null unless the cell is a number or truth
    value. is_date: condition.
    """

    text: str
    numeric: str
    is_date: str

    @property
    def is_number(self) -> str:
        """Condition: a number without a date format."""
        return f"({self.numeric} is not null and {self.text} not in ('true', 'false'))"


def date_shape(text: str) -> str:
    """Condition: the text looks like a date cell does."""
    # CASE, because AND evaluates both sides for every row.
    return (
        f"(case when strlen({text}) between 19 and 30 "
        f"then regexp_full_match({text}, '{_DATE_SHAPE}') else false end)"
    )


def needs_dates(field: Field, layout: Layout) -> bool:
    """Whether looking like a date is not enough to tell what a cell of this field means."""
    if field.type == "timestamp":
        return layout.timestamp_format != ""
    return field.type == "date" and layout.date_format != ""


def is_code(field: Field) -> bool:
    """Whether leading zeros and every digit of the field count."""
    return field.type == "code" or field.personal in ("phone", "identifier")


def value(field: Field, layout: Layout, cell: Cell, *, from_1904: bool) -> str:
    """SQL of the text that the sender would have written, in the formats of the layout."""
    text = cell.text
    if field.type in ("date", "timestamp"):
        return f"coalesce({_moment_text(field, layout, cell, from_1904=from_1904)}, {text})"
    if field.type in ("decimal", "integer"):
        digits = text
        if field.type == "decimal":
            # A binary number never stated more than the digits of its column.
            exact = f"try_cast({text} as decimal(38, {field.scale}))::varchar"
            digits = f"coalesce(rtrim(rtrim({exact}, '0'), '.'), {text})" if field.scale else exact
        if layout.decimal_separator != ".":
            digits = f"replace({digits}, '.', {literal(layout.decimal_separator)})"
        return f"case when {cell.is_number} then {digits} else {text} end"
    digits_wanted = layout.zero_pad.get(field.name)
    if digits_wanted is None:
        return text
    is_short = f"{cell.is_number} and length({text}) < {digits_wanted}"
    return f"case when {is_short} then lpad({text}, {digits_wanted}, '0') else {text} end"


def moment(cell: Cell, *, from_1904: bool) -> str:
    """SQL of the timestamp that a cell holds: a date, or a bare number of days; else null."""
    days = f"try_cast({cell.text} as double)"
    return (
        f"case when {cell.is_date} then try_cast({cell.text} as timestamp) "
        f"when {cell.is_number} and regexp_full_match({cell.text}, '{_SERIAL_SHAPE}') "
        f"then timestamp '{_EPOCHS[from_1904]}' "
        f"+ to_milliseconds(round({days} * {_DAY_MILLISECONDS})::bigint) end"
    )


def _moment_text(field: Field, layout: Layout, cell: Cell, *, from_1904: bool) -> str:
    raw = moment(cell, from_1904=from_1904)
    second = f"date_trunc('second', {raw} + interval 500 milliseconds)"
    exact = (
        f"case when abs(epoch_ms({raw}) - epoch_ms({second})) <= {_NOISE_MILLISECONDS} "
        f"then {second} else {raw} end"
    )
    text, stated = f"({exact})::varchar", layout.timestamp_format
    if field.type == "date":
        stated = layout.date_format
        is_midnight = f"({exact}) = date_trunc('day', {exact})"
        text = f"case when {is_midnight} then ({exact})::date::varchar else {text} end"
    if not stated:
        return text
    # A moment that the stated format cannot hold stays ISO 8601 and breaks the contract.
    shown = f"strftime({exact}, {literal(stated)})"
    holds = f"try_strptime({shown}, {literal(stated)}) = ({exact})"
    return f"case when {holds} then {shown} else {text} end"


def defect(field: Field, layout: Layout, cell: Cell) -> str:
    """SQL of the reason code why a cell cannot be used, null when it can."""
    text = cell.text
    too_long = f"length(regexp_extract({text}, '^-?([0-9]+)', 1)) > {_KEPT_DIGITS}"
    of_numbers, of_texts = [(too_long, "digits_lost")], []
    if field.type not in ("text", "code", "decimal", "integer"):
        return "null"
    if is_code(field):
        # 8517.1 was 8517.10, and -1 was something else altogether.
        of_numbers.append((f"not regexp_full_match({text}, '[0-9]+')", "digits_lost"))
        is_listed = bool(field.codes) or field.name in layout.codes
        if field.name not in layout.zero_pad and not is_listed:
            of_numbers.append(("true", "leading_zeros_lost"))
        shown = f"contains({text}, '+') and regexp_full_match({text}, '{_SCIENTIFIC}')"
        of_texts.append((shown, "digits_lost"))
    if field.type in ("text", "code"):
        of_texts.append((cell.is_date, "turned_into_date"))
    otherwise = f"else {_first(of_texts)}" if of_texts else ""
    return f"case when {cell.is_number} then {_first(of_numbers)} {otherwise} end"


def _first(rules: list[tuple[str, str]]) -> str:
    """SQL of the reason of the first rule whose condition is true."""
    branches = " ".join(f"when {broken} then '{reason}'" for broken, reason in rules)
    return f"case {branches} end"
