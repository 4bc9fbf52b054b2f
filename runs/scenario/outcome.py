"""What a scenario changes, by dimension: taxes by the models, prices and sales by elasticities.

Defines: `outcome`. Add here another dimension, or a figure that follows from both sides. Keep out:
how the sides came about (copy.py), the formulas of an answer (scenarios/response.py), formats.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import polars as pl

from runs.scenario.document import Scenario
from scenarios.response import Response, responses

_PERCENTILES = {"low": 5, "mean": None, "high": 95}
# One row per consignment; a consignment without a value has no tax on either side.
_BOTH = """
select
    before.day, before.platform_code, before.hs_chapter, before.province_code,
    before.customs_value_vnd as value,
    before.duty_due_vnd as duty_before, before.vat_due_vnd as vat_before,
    after.duty_due_vnd as duty_after, after.vat_due_vnd as vat_after
from scenario.before
inner join scenario.after using (consignment_id, day)
where before.customs_value_vnd is not null
"""
_SUMS = f"""
select
    hs_chapter, {{member}} as member,
    count(*) as consignments,
    count(*) filter (
        where duty_before + vat_before <> duty_after + vat_after
    ) as affected,
    sum(value)::double as value,
    sum(duty_before)::double as duty_before, sum(vat_before)::double as vat_before,
    sum(duty_after)::double as duty_after, sum(vat_after)::double as vat_after
from ({_BOTH}) as both_sides
left join intermediate.int_market__province_incomes using (province_code)
group by hs_chapter, member
"""
_DIMENSIONS = {
    "total": "'all'",
    "platform": "platform_code",
    "hs2": "hs_chapter",
    "province": "province_code",
    "income_quintile": "coalesce('q' || income_quintile, 'unknown')",
}
# What producers sell at home, of the latest period that is out: output less exports, a day.
_DOMESTIC = """
with figures as (
    select
        member_code, period_kind, period_start,
        max(value) filter (where series_id = 'domestic_output')
            - max(value) filter (where series_id = 'exports') as sales,
        case period_kind
            when 'month' then day(last_day(period_start)) when 'quarter' then 91 else 365
        end as days
    from intermediate.int_market__figures
    where series_id in ('domestic_output', 'exports') and is_out and unit_code = 'VND'
        and length(member_code) = 2
    group by all
    having sales > 0
)
select member_code, (arg_max(sales / days, period_start))::double as sales_a_day
from figures
group by member_code
"""


def outcome(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> dict[str, Any]:
    """The result as a document: money in VND, changes in percent, low and high the 5th and 95th
    percentile of the draws. Figures of a response are None without elasticities."""
    sums = {
        name: connection.execute(_SUMS.format(member=member)).pl()
        for name, member in _DIMENSIONS.items()
    }
    law = dict(connection.execute("from scenario.law").fetchall())
    goods = sums["hs2"].filter(pl.col("value") > 0).sort("hs_chapter")
    days = _days_held(connection)
    at_home = dict(connection.execute(_DOMESTIC).fetchall())
    answer, sales = None, np.zeros(len(goods))
    if scenario.elasticities and len(goods):
        sales = np.array([at_home.get(code, 0.0) * days for code in goods["hs_chapter"]])
        answer = _answer(goods, sales, scenario)
    order = {code: place for place, code in enumerate(goods["hs_chapter"])}
    rows = [
        row
        for dimension, table in sums.items()
        for row in _rows(dimension, table, order, answer, sales)
    ]
    return {
        "scenario_name": scenario.name,
        "title_vi": scenario.title[0],
        "title_en": scenario.title[1],
        "from_day": scenario.from_day.isoformat(),
        "to_day": scenario.to_day.isoformat(),
        "parameters": [
            {"parameter_id": name, "before": law.get(name), "after": value}
            for name, value in sorted(scenario.parameters.items())
        ],
        "tariff": dict(scenario.tariff),
        "draws": scenario.draws if answer is not None else None,
        "seed": scenario.seed if answer is not None else None,
        "elasticities": [
            {"name": one.name, "mean": one.mean, "standard_error": one.standard_error,
             "source": one.source}
            for one in scenario.elasticities
        ],
        "rows": rows,
    }  # fmt: skip


def _days_held(connection: duckdb.DuckDBPyConnection) -> int:
    """The days of which there are imports: home sales are those of as many days."""
    [(days,)] = connection.execute("select count(distinct day) from scenario.before").fetchall()
    return int(days)


def _answer(goods: pl.DataFrame, sales: np.ndarray, scenario: Scenario) -> Response:
    taxes = {
        side: (goods[f"duty_{side}"] + goods[f"vat_{side}"]).to_numpy()
        for side in ("before", "after")
    }
    return responses(
        goods["value"].to_numpy(), taxes["before"], taxes["after"], sales,
        scenario.elasticities, draws=scenario.draws, seed=scenario.seed,
    )  # fmt: skip


def _rows(
    dimension: str, table: pl.DataFrame, order: Mapping[str, int], answer: Response | None,
    sales: np.ndarray,
) -> list[dict[str, Any]]:  # fmt: skip
    found = []
    for key, part in sorted(table.group_by("member"), key=lambda one: str(one[0][0])):
        summed: dict[str, Any] = {
            name: part[name].sum() for name in part.columns if part[name].dtype.is_numeric()
        }
        before = summed["duty_before"] + summed["vat_before"]
        after = summed["duty_after"] + summed["vat_after"]
        row = {
            "dimension": dimension,
            "member_code": str(key[0]),
            "consignments": summed["consignments"],
            "affected_consignments": summed["affected"],
            "customs_value_vnd": round(summed["value"], 2),
            "tax_before_vnd": round(before, 2),
            "tax_after_vnd": round(after, 2),
            "tax_change_vnd": round(after - before, 2),
        }
        for name in ("duty_before", "vat_before", "duty_after", "vat_after"):
            row[f"{name}_vnd"] = round(summed[name], 2)
        found.append(row | _response(dimension, part, order, answer, sales))
    return found


def _response(
    dimension: str, part: pl.DataFrame, order: Mapping[str, int], answer: Response | None,
    sales: np.ndarray,
) -> dict[str, float | None]:  # fmt: skip
    """What is imported, paid and sold after prices answered; each a mean and its band.

    A member's goods answer like all goods of their chapter.
    """
    names = ("import_value_change_percent", "tax_after_response_vnd", "domestic_sales_change_vnd")
    empty: dict[str, float | None] = {
        f"{name}_{end}": None for name in names for end in _PERCENTILES
    }
    if answer is None:
        return dict(empty)
    known = part.filter(pl.col("hs_chapter").is_in(list(order)))
    places = [order[code] for code in known["hs_chapter"]]
    value = known["value"].to_numpy()
    tax = (known["duty_after"] + known["vat_after"]).to_numpy()
    moved = (answer.import_quantity * answer.import_price)[:, places]
    drawn = {
        "import_value_change_percent": (
            100 * (moved @ value / value.sum() - 1) if value.sum() else None
        ),
        "tax_after_response_vnd": moved @ tax,
        # by goods alone: producers do not sell by platform or province here
        "domestic_sales_change_vnd": (
            np.nan_to_num((answer.domestic_sales - 1)[:, places] * sales[places]).sum(axis=1)
            if dimension in ("total", "hs2") and (sales[places] > 0).any()
            else None
        ),
    }
    told: dict[str, float | None] = dict(empty)
    for name, values in drawn.items():
        if values is not None:
            for end, percentile in _PERCENTILES.items():
                one = values.mean() if percentile is None else np.percentile(values, percentile)
                told[f"{name}_{end}"] = round(float(one), 4 if name.endswith("percent") else 2)
    return told
