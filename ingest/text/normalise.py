"""One spelling per value: SQL expressions that clean text and bring phones and ids to one form.

Every function takes SQL (a VARCHAR column or expression) and returns SQL; each is a pure function
of its text. Add here a normal form that ingest needs. Keep out: typing (conform.py), tokens
(pseudonymise.py), numbers that are nobody's (placeholders.py) and any judgement about risk (dbt).
"""

from ingest.text import placeholders

# Characters that text may hold untouched: printable Latin incl. Vietnamese, unified Han. None of
# them is changed by NFC, so a value made of them, without outer blanks, needs no further work.
_VISIBLE = r"!-~\x{a1}-\x{ac}\x{ae}-\x{2ff}\x{1ea0}-\x{1ef9}\x{4e00}-\x{9fff}"
_CLEAN = f"[{_VISIBLE}]([ {_VISIBLE}]*[{_VISIBLE}])?"
# Every kind of blank, a line end of two characters too, becomes one space; invisible and
# direction-changing characters disappear.
_BLANK = (
    r"\x{d}\x{a}|[\x{9}-\x{d}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}"
    r"\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
)
INVISIBLE = (
    r"[\x{0}-\x{8}\x{e}-\x{1f}\x{7f}-\x{84}\x{86}-\x{9f}\x{ad}\x{34f}\x{61c}\x{180e}"
    r"\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{fff9}-\x{fffb}]"
)

# Letters of other scripts that look like Latin ones (after the confusables of UTS 39), and
# full-width forms: a brand or domain spelt with them has the match key of the real one.
_LOOK_ALIKES: dict[str, str] = {
    "АВЕКМНОРСТУХЅІЈԚԜҮ": "ABEKMHOPCTYXSIJQWY",
    "аеорсухѕіјԛԝһԁӏгүв": "aeopcyxsijqwhdlryb",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "ABEZHIKMNOPTYX",
    "αγεηικνορστυχ": "ayenikvopotux",
    "ıɑɡ": "iag",
    "".join(map(chr, range(0xFF01, 0xFF5F))): "".join(map(chr, range(0x21, 0x7F))),
}

MOBILE_OR_FIXED = "[35789][0-9]{8}|2[0-9]{9}"
TAX_CODE_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
# 63 provinces of birth registration carry codes between 001 and 096; 0-3 = born 1900-2099.
PERSONAL_ID = "0(0[1-9]|[1-8][0-9]|9[0-6])[0-3][0-9]{8}"


def clean_text(value: str) -> str:
    """NFC, blanks unified, invisible and control characters removed, trimmed; empty gives null."""
    cleaned = (
        f"nfc_normalize(regexp_replace(regexp_replace({value}, '{INVISIBLE}', '', 'g'), "
        f"'{_BLANK}', ' ', 'g'))"
    )
    # NULLIF evaluates its first argument twice, so it only guards the rare branch.
    return (
        f"case when regexp_full_match({value}, '{_CLEAN}') then {value} "
        f"else nullif(trim({cleaned}), '') end"
    )


def clean_code(value: str, max_length: int) -> str:
    """clean_text, with a short cut for the usual case: visible ASCII of allowed length."""
    return (
        f"case when regexp_full_match({value}, '[!-~]{{1,{min(max_length, 1000)}}}') "
        f"then {value} else {clean_text(value)} end"
    )


def fold(value: str) -> str:
    """Match key of a cleaned text: lower case, no accents, đ as d, look-alikes Latin, one blank.

    Stripping accents decomposes first, so composed and decomposed spellings give one key.
    """
    theirs = "".join(_LOOK_ALIKES)
    ours = "".join(_LOOK_ALIKES.values()).replace("'", "''")
    latin = f"translate({value}, '{theirs}', '{ours}')"
    plain = f"replace(strip_accents(lower({latin})), 'đ', 'd')"
    return (
        f"case when not regexp_matches({value}, '[^\\pM\\s]') then null "
        f"when contains({value}, '  ') then trim(regexp_replace({plain}, ' +', ' ', 'g')) "
        f"else trim({plain}) end"
    )


def _digits(value: str) -> str:
    return f"regexp_replace({value}, '[^0-9]', '', 'g')"


def _national(value: str) -> str:
    """The part after +84 when the digits are a Vietnamese number in a known spelling, else ''."""
    return f"regexp_extract({_digits(value)}, '^(?:0|(?:00)?840?)({MOBILE_OR_FIXED})$', 1)"


def _foreign(value: str) -> str:
    """+ and digits when the number states another country (+ or 00 in front), else ''."""
    stated = f"regexp_extract({_digits(value)}, '^(?:00)?([1-9][0-9]{{7,14}})$', 1)"
    is_stated = f"regexp_matches({value}, '^[\\s(]*(\\+|00)')"
    return f"case when {is_stated} and not starts_with({stated}, '84') then {stated} else '' end"


def phone(value: str) -> str:
    """`+<country><number>` when valid, else the bare digits; null without any digit."""
    return (
        f"case when {_national(value)} <> '' then '+84' || {_national(value)} "
        f"when {_foreign(value)} <> '' then '+' || {_foreign(value)} "
        f"else nullif({_digits(value)}, '') end"
    )


def phone_status(value: str, normal_form: str) -> str:
    """valid | placeholder | invalid | missing, from a cleaned text and its phone() form.

    Valid: a Vietnamese mobile (10 digits, 03 05 07 08 09) or fixed line (02, 11 digits), or a
    number of 8-15 digits that states another country by + or 00. Of these a placeholder
    (0999999999) is nobody's.
    """
    return (
        f"case when {value} is null then 'missing' "
        f"when not coalesce(starts_with({normal_form}, '+'), false) then 'invalid' "
        f"when {placeholders.phone(normal_form)} then 'placeholder' else 'valid' end"
    )


def identifier(value: str) -> str:
    """Blanks, dots, dashes and slashes removed, upper case; null when nothing is left."""
    return f"nullif(upper(regexp_replace({value}, '[\\s./-]', '', 'g')), '')"


def identifier_status(code: str) -> str:
    """tax_code | personal_id | placeholder | unrecognised | missing, from an identifier() form.

    tax_code: 10 digits, or 13 with branch 001-999; serial (digits 3-9) not 0000000; the check
    digit is 10 minus (weighted sum of digits 1-9 mod 11). personal_id: 12 digits, province of
    registration 001-096, century digit 0-3; it has no check digit. placeholder: one of these two
    in form, and nobody's (001000000000); or of no form, and no number at all (000000000000, NA).
    """
    total = " + ".join(
        f"{weight} * (ascii(substr({code}, {place}, 1)) - 48)"
        for place, weight in enumerate(TAX_CODE_WEIGHTS, start=1)
    )
    is_tax_code = (
        f"regexp_full_match({code}, '[0-9]{{10}}([0-9]{{3}})?') "
        f"and substr({code}, 3, 7) <> '0000000' and substr({code}, 11, 3) <> '000' "
        f"and 10 - ({total}) % 11 = ascii(substr({code}, 10, 1)) - 48"
    )
    return (
        f"case when {code} is null then 'missing' "
        f"when regexp_full_match({code}, '{PERSONAL_ID}') then "
        f"case when {placeholders.personal_id(code)} then 'placeholder' else 'personal_id' end "
        f"when {is_tax_code} then "
        f"case when {placeholders.tax_code(code)} then 'placeholder' else 'tax_code' end "
        f"when {placeholders.other(code)} then 'placeholder' else 'unrecognised' end"
    )


def masked(value: str) -> str:
    """The shape of a text without its content: letters as x, digits as 9; 200 characters."""
    return (
        f"regexp_replace(regexp_replace(left({value}, 200), '\\pL|\\pM', 'x', 'g'), "
        f"'\\pN', '9', 'g')"
    )


# A date or time: nothing in it is personal, however many digits it has.
_MOMENT = (
    r"([12][0-9]{3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4})"
    r"([ T][0-9:.+Z-]{0,20})?|20[0-9]{6}([0-9]{4}([0-9]{2})?)?"
)
# A number or one word of a code, a number with its unit: 1.234,5  8517.13.00  N/A  12 kg. What else
# a column of codes or numbers holds belongs in another column.
_PLAIN_VALUE = r"[!-?A-~]{1,40}|[0-9.,+-]{1,30} [A-Za-z]{1,4}"
# Nine digits can be a phone or an id, three words joined by signs a name.
_MAY_BE_PERSONAL = r"([0-9][^0-9]*){9}|([A-Za-z]+[^A-Za-z0-9]){2}[A-Za-z]"


def harmless(value: str) -> str:
    """The text itself when it is one plain value that can hardly be personal, else its shape.

    For texts delivered in a column that is not personal but broke the contract.
    """
    return (
        f"case when regexp_full_match({value}, '{_MOMENT}') "
        f"or (regexp_full_match({value}, '{_PLAIN_VALUE}') "
        f"and not regexp_matches({value}, '{_MAY_BE_PERSONAL}')) then {value} "
        f"else {masked(value)} end"
    )
