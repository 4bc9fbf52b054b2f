"""Models are written in the SQL that DuckDB and Spark share; only macros/engine/ knows its engine.

Claims the spellings below, read from the text; that results are equal is what the parity run shows
(tests/integration/test_spark_parity.py).
"""

import re
from pathlib import Path

import pytest

# What may not be written -> why, as macros/engine/README.md says it.
FORBIDDEN = {
    r"\bqualify\b": "Spark has none: a sub-query with rn = 1",
    r"::": "Spark has no such cast: cast(x as type)",
    r"\bas varchar\b": "Spark wants a length: string",
    r"\bexclude\s*\(": "Spark has none: name the columns",
    r"//": "Spark has none: floor(a / b)",
    r"\bround\s*\(": "doubles round apart: fixed point or floor",
    r"\bavg\s*\(": "averages of doubles depend on the order: sum and count",
    r"\bconcat\s*\(": "null is skipped here, taken over there: || with coalesce",
    r"\bunnest\s*\(|\bexplode\s*\(": "an engine macro",
    r"\bstring_agg\s*\(|\blistagg\s*\(|\barray_agg\s*\(": "join_sorted",
    r"\bregexp_\w+\s*\(|\brlike\b": "rx_replace",
    r"\bgenerate_series\s*\(|\bsequence\s*\(|\brange\s*\(": "raw.run_day lists the days",
    r"\binterval\b": "date + interval is a timestamp here, a date there: add_days",
    r"\bdbt\.last_day\b": "wrong on Spark: last_day(d)",
    r"\\": "a backslash is a character here, an escape there",
    r",\s*\n\s*from\b": "Spark reads no comma after the last column",
    r"\btarget\.(type|name)\b": "only macros/engine/ and dbt_project.yml know the engine",
    r"\badapter\.dispatch\b": "only macros/engine/ dispatches",
}
# Products that need no exact_product -> why they cannot overflow.
FREE_PRODUCTS = {
    "concentration.sql": "doubles",
    "expected_value.sql": "halves of a product, each below 2^63",
    "fct_consumer_savings_monthly.sql": "doubles",
    "fct_entity_profiles.sql": "doubles",
    "fct_industry_exposure_yearly.sql": "a rank times the number of bands",
    "fct_listing_observations.sql": "doubles of whole hundredths",
    "fct_owner_profiles.sql": "doubles",
    "fct_prevalence_monthly.sql": "doubles",
    "fct_revenue_gap_monthly.sql": "whole dong and counts of at most 19 digits, wide",
    "fct_surge_alerts_monthly.sql": "billionths of a probability times strata of a month",
    "fct_valuation_sample_monthly.sql": "thousandths and whole dong of at most 19 digits, wide",
    "feature_drift.sql": "doubles",
    "first_seen.sql": "millionths squared, times consignees of a bill: below nine million of them",
    "fixed_point.sql": "doubles",
    "floored_average.sql": "percentages of nine digits, wide after the sum",
    "int_prices__daily_histogram.sql": "doubles",
    "item_headings.sql": "whole points times 10^4, shares of a million times a million",
    "int_surge__changes.sql": "doubles",
    "int_undercutting__compared.sql": "a percentage of at most 18 digits, as ten-thousandths",
    "int_undercutting__intervals.sql": "at most seven times 17 digits of VND; counts of replicates",
    "int_undercutting__name_matches.sql": "millionths of a logarithm, times a percentage",
    "int_undercutting__name_words.sql": "millionths of a logarithm, times a percentage",
    "undercutting.sql": "money of 16 digits, as hundredths",
    "surges.sql": "doubles",
    "int_risk__exploration.sql": "basis points times thousandths of an index",
    "int_risk__goods_profiles.sql": "doubles",
    "int_risk__indicator_box_fan_out.sql": "grams of a master bill, times a percentage",
    "int_risk__indicator_residual_suspended_flow.sql": "counts of a day, times a percentage",
    "int_risk__indicator_undervaluation.sql": "doubles",
    "int_risk__lane_cells.sql": "whole numbers of a seed",
    "int_taxes__assessed.sql": "times zero or one",
    "rpt_risk_queue.sql": "a share as a percentage, double",
    "mass_of_quantity.sql": "doubles",
    "percent_in_full.sql": "doubles",
    "price_levels.sql": "a sign times billionths of a logarithm",
    "price_pairs.sql": "24 digits of VND, 2 decimals and 11 of a logarithm; doubles",
    "price_products.sql": "doubles; months of a year",
    "price_index.sql": "doubles",
    "price_splice.sql": "at most 25 months times billionths of a logarithm",
    "price_preferences.sql": "a share in millionths, times a whole number of a seed",
    "platform_likeness.sql": "counts of parcels, times a percentage",
}
_COMMENTS = re.compile(r"--[^\n]*|\{#.*?#\}|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(r"'[^'\n]*'")


def findings(sql: str) -> list[str]:
    """Why this text is not shared SQL; comments and literals say nothing."""
    text = _LITERAL.sub("''", _COMMENTS.sub("", sql)).lower()
    found = [f"{pattern}: {why}" for pattern, why in FORBIDDEN.items() if re.search(pattern, text)]
    return found + [f"order by {item}: nulls last" for item in open_orders(text)]


def open_orders(text: str) -> list[str]:
    """Items of ORDER BY whose place for nulls the engines would choose apart: last by default when
    descending, but first on Spark when ascending."""
    items = []
    for match in re.finditer(r"\border by\b", text):
        depth, item = 0, ""
        for character in text[match.end() :] + ")":
            depth += {"(": 1, ")": -1}.get(character, 0)
            if depth < 0 or (depth == 0 and character == ","):
                items.append(" ".join(item.split()))
                item = ""
                if depth < 0:
                    break
            else:
                item += character
    return [item for item in items if not re.search(r"\bdesc\b|\bnulls last\b|\{\{", item)]


def shared_files(project: Path) -> list[Path]:
    """Every model, test and macro outside macros/engine/."""
    dbt = project / "dbt"
    return sorted(
        path
        for folder in ("models", "macros", "tests")
        for path in (dbt / folder).rglob("*.sql")
        if path.parent != dbt / "macros" / "engine"
    )


def test_shared_sql_uses_only_what_both_engines_read_alike(project: Path) -> None:
    offenders = {
        str(path.relative_to(project)): found
        for path in shared_files(project)
        if (found := findings(path.read_text(encoding="utf-8")))
    }
    assert offenders == {}


def test_conditions_in_yaml_are_shared_sql_too(project: Path) -> None:
    offenders = [
        f"{path.relative_to(project)}: {line.strip()}"
        for path in sorted((project / "dbt" / "models").rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(- )?(expression|where|\w+_measure|other_filter):", line)
        and findings(line.replace('"', " "))
    ]
    assert offenders == []


@pytest.mark.parametrize(
    "sql",
    [
        "select a from t qualify row_number() over (order by b desc) = 1",
        "select a::date from t",
        "select cast(a as varchar) from t",
        "select * exclude (a) from t",
        "select a // b from t",
        "select round(a, 2) from t",
        "select avg(a) from t",
        "select row_number() over (partition by a order by b) from t",
        "select row_number() over (order by b asc, c desc) from t",
        "select a,\nfrom t",
        "{% if target.type == 'spark' %}select 1{% endif %}",
        "select a + interval 1 day from t",
    ],
)
def test_the_rule_would_catch(sql: str) -> None:
    assert findings(sql)


def test_comments_and_literals_are_not_sql() -> None:
    assert findings("-- a::b\nselect 'https://a :: b' as c from t order by c asc nulls last") == []


def multiplies(sql: str) -> bool:
    """Whether this text multiplies; comments, literals and `select *` say nothing."""
    text = _LITERAL.sub("''", _COMMENTS.sub("", sql)).lower()
    text = re.sub(r"\bselect\s+\*|\.\*|count\(\*\)", "", text)
    return re.search(r"[\w)}]\s*\*\s*[\w({]", text) is not None


def test_products_go_through_the_macro_that_cannot_overflow(project: Path) -> None:
    found = {
        path.name for path in shared_files(project) if multiplies(path.read_text(encoding="utf-8"))
    }
    assert found == set(FREE_PRODUCTS), "exact_product, or a reason in FREE_PRODUCTS"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a.value * b.rate as x from t", True), ("select sum(a)\n * 2 from t", True),
        ("select * from t", False), ("select t.*, count(*) from t -- a * b", False),
        ("select * , 'a * b' from {{ ref('t') }}", False),
    ],
)  # fmt: skip
def test_a_product_is_told_from_a_star(sql: str, expected: bool) -> None:
    assert multiplies(sql) is expected
