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
_AS_USUAL = rf"^(?:{_FAMILIES})(?: [a-z]+)*$"


def name_form(folded: pa.Array) -> pa.Array:
    """The form of each folded name; null stays null. A text of separators alone is its form."""
    texts = pl.DataFrame({"form": pl.Series(folded, dtype=pl.String)}).with_row_index()
    form = pl.col("form")
    odd = texts.filter(~form.str.contains(_AS_USUAL))
    bare = form.str.replace_all(_SEPARATORS, " ").str.strip_chars(" ")
    odd = odd.with_columns(form=pl.when(bare == "").then(form).otherwise(bare))
    # a family name first, whatever follows
    in_order = form.str.contains(_IN_ORDER)
    turned = odd.filter(~in_order).with_columns(form=form.str.replace(_FOREIGN_TITLE, "$1"))
    untitled = form.str.replace(_TITLE, "$1")
    is_turned = form.str.contains(_TURNED[0][0])
    turned = turned.with_columns(form=pl.when(is_turned).then(form).otherwise(untitled))
    for pattern, order in _TURNED:
        ordered = form.str.replace(pattern, order)
        turned = turned.with_columns(form=pl.when(in_order).then(form).otherwise(ordered))
    forms = texts["form"].scatter(odd["index"], odd["form"])
    return forms.scatter(turned["index"], turned["form"]).to_arrow().cast(pa.string())
