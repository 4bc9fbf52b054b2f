"""Phones and ids of ordinary texts, column by column in polars.

Defines for each normal form of normalise.py what it gives for the plain texts nearly all rows have,
and null for any other: those are left to the SQL. Add here nothing but speed: a test holds every
answer against the SQL. Keep out: what the forms mean (normalise.py).

Why: the regular expressions of polars cost a tenth of those in SQL.
"""

import polars as pl
import pyarrow as pa

from ingest.text import normalise, placeholders

# Visible ASCII with inner blanks: cleaning leaves it as it is, and no class depends on Unicode.
_PLAIN = r"^[!-~](?:[ -~]*[!-~])?$"
_PERSONAL_ID = f"^{normalise.PERSONAL_ID}$"
_NATIONAL = rf"^(?:0|(?:00)?840?)({normalise.MOBILE_OR_FIXED})$"
_FOREIGN = r"^(?:00)?([1-9][0-9]{7,14})$"
_STATES_COUNTRY = r"^[\s(]*(?:\+|00)"

Forms = tuple[pa.Array, pa.Array]


def phones(texts: pa.Array) -> Forms:
    """(normal form, status) as normalise.phone and phone_status; status null = ask the SQL."""
    text = pl.col("text")
    digits = text.str.replace_all("[^0-9]", "")
    national, foreign = digits.str.extract(_NATIONAL), digits.str.extract(_FOREIGN)
    is_foreign = text.str.contains(_STATES_COUNTRY) & ~foreign.str.starts_with("84")
    normal = (
        pl.when(national.is_not_null())
        .then("+84" + national)
        .when(is_foreign)
        .then("+" + foreign)
        .when(digits != "")
        .then(digits)
    )
    is_valid = pl.col("normal").str.starts_with("+")
    return _answers(
        texts, text.str.contains(_PLAIN), normal, is_valid,
        is_placeholder=is_valid & placeholders.is_phone(pl.col("normal")),
    )  # fmt: skip


def personal_ids(texts: pa.Array) -> Forms:
    """(normal form, status) as normalise.identifier gives for personal ids; others: null."""
    text = pl.col("text")
    is_ordinary = text.str.contains(_PERSONAL_ID)
    return _answers(
        texts, is_ordinary, text, pl.lit(True), yes="personal_id",
        is_placeholder=placeholders.is_personal_id(text),
    )  # fmt: skip


def _answers(
    texts: pa.Array, is_ordinary: pl.Expr, normal: pl.Expr, is_good: pl.Expr,
    is_placeholder: pl.Expr, yes: str = "valid",
) -> Forms:  # fmt: skip
    frame = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})
    found = (
        frame.with_columns(pl.when(is_ordinary).then(normal).alias("normal"))
        .with_columns(
            pl.when(pl.col("text").is_null())
            .then(pl.lit("missing"))
            .when(is_ordinary)
            .then(
                pl.when(is_placeholder.fill_null(False))
                .then(pl.lit("placeholder"))
                .when(is_good.fill_null(False))
                .then(pl.lit(yes))
                .otherwise(pl.lit("invalid"))
            )
            .alias("status")
        )
        .select("normal", "status")
    )
    normal_forms, statuses = (
        found[name].to_arrow().cast(pa.string()) for name in ("normal", "status")
    )
    return normal_forms, statuses
