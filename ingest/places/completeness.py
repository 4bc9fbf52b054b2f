"""Does an address say where in a street or village, and in which ward, district or province?

Defines: `address_statuses`. Chosen on tests/golden/addresses_tuning.csv, whose addresses are taken
apart by hand or made from parts. Add here a way to write a house or where it ends. Keep out: taking
an address apart (addresses.py, a hundred times as dear), one form for its spellings (spelling.py).
"""

from functools import cache

import polars as pl
import pyarrow as pa

from ingest.places import gazetteer

# Words that name a house without a digit, and words that begin a mere administrative unit.
_HOUSE_MARKER = r"\b(so|ngo|ngach|hem|kiot|lo|thon|ap|xom|to|toa|can|khu pho|chung cu|duong)\b"
_UNIT_FIRST = (
    r"^[\s,;]*((phuong|xa|thi tran|quan|huyen|thi xa|tinh|thanh pho|tp|p|q|h|can tho)\b|[pq]\d)"
)
_IN_TWO_PARTS = rf"^[\s,;]*[^,;]*([0-9]|{_HOUSE_MARKER})[^,;]*[,;].*[\pL\pN]"

# What ends a part beside a comma: another separator, a unit's word, the province at the very end.
_SEPARATOR = r"[;|]| [-/] |-(?:p|q|x|h|t|tp|tx|tt)\. ?"
_UNIT = (
    r"\b(?:(?:phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tinh|tp|tx|tt|[pfqxht])[. ] ?"
    r"|[pfq]\d{1,2}\b)"
)
_LAST = r"(?:[, ]+(?:viet ?nam|vn))?[ ,.]*$"
# A part that is a unit alone says nothing of a house, whatever its number.
_UNIT_PART = r"(?:^|,) *@[^,]*"
# A house's number has at most four digits: more is a postal code or a phone.
_HOUSE = (
    r"(?:^|[^0-9])[0-9]{1,4}(?:[^0-9,][^,]*)?,.*[a-z]"
    r"|\b(?:thon|ap|xom)\b[^,]*,.*[a-z]"
    r"|(?:^|,) *(?:ngo|ngach|hem|kiot|khu pho|chung cu|toa nha|to dan pho)\b[^,]*,.*[a-z]"
)


_A_STREET_TOO = "hue"  # 12 Nguyen Hue


@cache
def _province_at_the_end() -> str:
    names = {*gazetteer.provinces()["name"].to_pylist()} - {_A_STREET_TOO}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return rf"([a-z])[ .]+(?:{'|'.join(longest_first)}){_LAST}"


def prepare() -> None:
    """Read the names once; a child that cannot open files inherits them."""
    _province_at_the_end()


def address_statuses(folded: pa.Array) -> pa.Array:
    """complete | incomplete | missing of each folded text.

    Complete: a part with a house number or a house word (số, ngõ, hẻm, thôn, ấp ...) that is no
    administrative unit (phường, xã, quận ...), and something after it: the next part, a unit by its
    word, or a province at the end. "12 Lê Lợi" and "Quận 1, TP HCM" are incomplete.
    """
    text = pl.col("text")
    plainly = text.str.contains(_IN_TWO_PARTS) & ~text.str.contains(_UNIT_FIRST)
    found = (
        pl.DataFrame({"text": pl.Series(folded, dtype=pl.String)})
        .with_columns(
            pl.when(text.is_null())
            .then(pl.lit("missing"))
            .when(plainly)
            .then(pl.lit("complete"))
            .alias("status")
        )
        .with_row_index()
    )
    rest = found.filter(pl.col("status").is_null())
    parts = text.str.replace_all(_SEPARATOR, ",").str.replace(_province_at_the_end(), "$1,@x")
    parts = parts.str.replace_all(_UNIT, ",@").str.replace_all(_UNIT_PART, ",@x")
    rest = rest.select(
        "index",
        pl.when(parts.str.contains(_HOUSE))
        .then(pl.lit("complete"))
        .otherwise(pl.lit("incomplete"))
        .alias("told"),
    )
    statuses = found["status"].scatter(rest["index"], rest["told"])
    return statuses.to_arrow().cast(pa.string())
