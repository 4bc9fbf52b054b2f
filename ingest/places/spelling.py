"""One form of an address however its units are written, so that a spelling is no second address.

Defines: `address_form`. "12 Nguyễn Trãi, P.5, Q.3, TP.HCM" and "số 12 đường Nguyễn Trãi, phường 5,
quận 3, Hồ Chí Minh" have one form, and so one token. Words keep their order and every number stays,
with the unit it numbers: only words that say what kind of thing a name is are left out.
Add here a spelling that senders use, with a line in the test. Keep out: taking an address apart
(addresses.py, a hundred times as dear), what of it may stay in clear (localities.py).
"""

import polars as pl
import pyarrow as pa

# Two blanks between words, so that each word has its own on either side.
_SEPARATORS = r" +/ +|[\s,;.|(){}\[\]\"'“”*#:_–—-]+"
_WARD = r" (?:phuong|ward|p|f) *0*(\d{1,2}) "
_DISTRICT = r" (?:quan|district|dist|q) *0*(\d{1,2}) "
# What kind of thing a name is, or that a number is one; the country, which nobody needs to state.
_LEFT_OUT = (
    "phuong", "p", "f", "ward", "xa", "x", "commune", "thi tran", "tt", "quan", "q", "district",
    "dist", "huyen", "h", "thi xa", "tx", "town", "thanh pho", "tp", "city", "tinh", "t",
    "province", "dac khu", "duong", "d", "pho", "street", "str", "st", "road", "rd", "so nha",
    "so", "sn", "no", "viet nam", "vietnam", "vn",
)  # fmt: skip
_WRITTEN_OUT = {
    "tphcm": "ho chi minh", "hcm": "ho chi minh", "hcmc": "ho chi minh", "sai gon": "ho chi minh",
    "saigon": "ho chi minh", "hn": "ha noi", "hanoi": "ha noi", "danang": "da nang",
    "haiphong": "hai phong", "kp": "khu pho", "ql": "quoc lo",
}  # fmt: skip


def _apart(words: str) -> str:
    return f" {words.replace(' ', '  ')} "


_REPLACED = {
    **{_apart(words): " " for words in _LEFT_OUT},
    **{_apart(words): _apart(full) for words, full in _WRITTEN_OUT.items()},
}


def address_form(folded: pa.Array) -> pa.Array:
    """The form of each folded address; null stays null. A text of such words alone is its form."""
    texts = pl.Series("text", folded, dtype=pl.String)
    form = pl.col("text").str.replace_all(_SEPARATORS, "  ")
    form = pl.concat_str(pl.lit("  "), form, pl.lit("  "))
    form = form.str.replace_all(_WARD, " p$1 ").str.replace_all(_DISTRICT, " q$1 ")
    form = form.str.replace_many(list(_REPLACED), list(_REPLACED.values()), leftmost=True)
    form = form.str.replace_all(" +", " ").str.strip_chars(" ")
    # A column of its own: written into the condition and the value, it would be reckoned twice.
    formed = texts.to_frame().with_columns(form.alias("form"))
    chosen = pl.when(pl.col("form") == "").then(pl.col("text")).otherwise(pl.col("form"))
    return formed.select(chosen.alias("form"))["form"].to_arrow().cast(pa.string())
