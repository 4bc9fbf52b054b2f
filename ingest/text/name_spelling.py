"""One form of a name however it is punctuated, addressed or turned round.

Defines: `name_form`. "Mr. Nguyễn Văn An", "Ông Nguyễn-Văn  An" and "An Nguyễn Văn" have one form,
and so one token. Only titles are left out, nothing is sorted: Minh Anh and Anh Minh are two.
Add here a spelling that senders use, with a line in the test. Keep out: match keys for more than
spelling (party_keys.py), addresses (places/spelling.py).

Names that begin with a family name stay in their order, so that no two people who write theirs the
usual way become one. The families are the commonest ones as usually quoted (some nine people of
ten) and more that serve only to leave a name alone; no official list (grade U).
"""

import polars as pl
import pyarrow as pa

_SEPARATORS = r"[\s.,;:_'’`\"“”()\[\]/|*–—-]+"
# Hardly ever a middle or given name: it is the family wherever it stands.
_SURE = "nguyen|tran|pham|huynh|phan|bui"
_COMMON = f"{_SURE}|le|hoang|vu|vo|dang|do|ho|ngo|duong|ly"
# Rarer, and given names too: a name that begins with one is left alone.
_FAMILIES = (
    f"{_COMMON}|lam|dinh|nghiem|dao|vuong|trinh|phung|trieu|doan|ha|truong|ton|luu|mai|la|ta|luong|"
    "kim|thach|cao|chau|dam|diep|hua|kieu|khuc|khuong|lai|luc|mac|nong|quach|tang|thai|to|tong|vi"
)
_MIDDLE = "van|thi"  # hardly ever the last word of a name
_FOREIGN_TITLE = r"^(?:mr|mrs|ms|miss|dr) (.+)$"
# Given and family names too: a title only before a family name and more.
_TITLE = rf"^(?:ong|ba|anh|chi|co|chu|bac|em) ((?:{_COMMON}) .+)$"
# "an nguyen van"; "an van nguyen"; then, of families that are nothing else, "an nguyen van minh";
# "van an nguyen". Firms and sentences are longer.
_TURNED = (
    (rf"^(\S+) ({_COMMON}) ({_MIDDLE})$", "$2 $3 $1"),
    (rf"^(\S+) ({_MIDDLE}) ({_COMMON})$", "$3 $2 $1"),
    (rf"^(\S+) ((?:{_SURE})(?: \S+){{1,3}})$", "$2 $1"),
    (rf"^(\S+(?: \S+){{0,3}}) ({_SURE})$", "$2 $1"),
)
_IN_ORDER = rf"^(?:{_FAMILIES})(?: |$)"


def name_form(folded: pa.Array) -> pa.Array:
    """The form of each folded name; null stays null. A text of separators alone is its form."""
    texts = pl.DataFrame({"text": pl.Series(folded, dtype=pl.String)}).with_row_index()
    bare = pl.col("text").str.replace_all(_SEPARATORS, " ").str.strip_chars(" ")
    formed = texts.with_columns(
        pl.when(bare == "").then(pl.col("text")).otherwise(bare).alias("form")
    )
    odd = formed.filter(~pl.col("form").str.contains(_IN_ORDER))
    form = pl.col("form").str.replace(_FOREIGN_TITLE, "$1")
    turned = odd.with_columns(form=form).with_columns(
        form=pl.when(pl.col("form").str.contains(_TURNED[0][0]))
        .then(pl.col("form"))
        .otherwise(pl.col("form").str.replace(_TITLE, "$1"))
    )
    in_order = pl.col("form").str.contains(_IN_ORDER)
    for pattern, order in _TURNED:
        turned = turned.with_columns(
            form=pl.when(in_order)
            .then(pl.col("form"))
            .otherwise(pl.col("form").str.replace(pattern, order))
        )
    return formed["form"].scatter(turned["index"], turned["form"]).to_arrow().cast(pa.string())
