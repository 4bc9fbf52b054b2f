"""What gates remember of past deliveries and days: counts per category, in schema `pipeline`.

One profile per delivery (what its sender usually sends) and per day (how values, weights, scores
and lanes are spread, how often each indicator fired). A gate compares with the last few of them
instead of reading old rows, so a day costs the same in year two. Like the whole working database
they are a cache: running the days again makes them again, from the same content the same.

Add here what is kept of a day. Keep out: which columns of a source are followed (its contract says
so), judging (suites/), personal data: only codes, bands and whole numbers are kept.
"""

from types import MappingProxyType

import duckdb

from contracts.catalogue import CONTRACTS
from contracts.facts import Category, Followed
from expectations import history_thresholds as limits

# A sender chooses its codes: only so many per delivery and field are told apart.
MOST_CATEGORIES = 40
OTHER = "(other)"
NOT_STATED = "(none)"
MEDIAN = "(median)"
# Field of a day whose categories are indicators: of a consignment several may have fired, or none.
INDICATOR = "indicator"


_TABLES = """
    create schema if not exists pipeline;
    create table if not exists pipeline.delivery_profile (
        source varchar, sender varchar, sha256 varchar, received_date date,
        delivery_sequence bigint, row_count bigint, field varchar, category varchar, amount bigint
    );
    create table if not exists pipeline.day_profile (
        day date, row_count bigint, field varchar, category varchar, amount bigint
    );
"""


def remember_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Profile the deliveries that schema raw holds in full, in place of what was kept of them.

    A delivery of which only single rows are in reach (raw.linked_record) is left as it was.
    """
    connection.begin()
    try:
        for statement in _TABLES.strip().split(";")[:-1]:
            connection.execute(statement)
        for source, contract in CONTRACTS.items():
            if contract.followed is not None:
                _remember_source(connection, source, contract.followed)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _remember_source(
    connection: duckdb.DuckDBPyConnection, source: str, followed: Followed
) -> None:
    connection.execute(
        f"""
        create or replace temp table whole_delivery as
        select delivery.sha256, any_value(delivery.sender) as sender,
            any_value(delivery.received_date) as received_date,
            max(delivery.delivery_sequence) as delivery_sequence,
            any_value(stored.row_count) as row_count
        from raw.delivery_outcome as delivery inner join (
            select _src_sha, count(*) as row_count from raw.{source} group by _src_sha
            having count(*) >= {limits.DRIFT_MINIMUM_ROWS}
        ) as stored on delivery.sha256 = stored._src_sha
            and delivery.accepted = stored.row_count
        where delivery.source = '{source}' and delivery.status = 'accepted'
        group by delivery.sha256
        """
    )
    connection.execute(
        f"delete from pipeline.delivery_profile where source = '{source}' "
        "and sha256 in (select sha256 from whole_delivery)"
    )
    categories = {
        **{category.name: _code(category) for category in followed.codes},
        **{name: _band(name) for name in followed.numbers},
    }
    columns = ", ".join(
        f"coalesce(cast({sql} as varchar), '{NOT_STATED}') as \"{name}\""
        for name, sql in categories.items()
    )
    sets = ", ".join(f'(sha256, "{name}")' for name in categories)
    field = " ".join(f"when grouping(\"{name}\") = 0 then '{name}'" for name in categories)
    value = " ".join(f'when grouping("{name}") = 0 then "{name}"' for name in categories)
    medians = " union all ".join(
        f"select sha256, '{name}' as field, '{MEDIAN}' as category, "
        f"cast(quantile_disc({name}_figure, 0.5)::decimal(28, 4) * 1000 as bigint) as amount "
        f"from delivered "
        f"where {name}_figure is not null group by sha256"
        for name in followed.numbers
    )
    numbers = ", ".join(f"{name} as {name}_figure" for name in followed.numbers)
    connection.execute(
        f"""
        insert into pipeline.delivery_profile
        with delivered as (
            select _src_sha as sha256, {columns}, {numbers} from raw.{source}
            where _src_sha in (select sha256 from whole_delivery)
        ),
        counted as (
            select sha256, case {field} end as field, case {value} end as category,
                count(*) as amount
            from delivered group by grouping sets ({sets})
        ),
        ranked as (
            select *, row_number() over (
                partition by sha256, field order by amount desc, category
            ) as place from counted
        ),
        kept as (
            select sha256, field,
                case when place <= {MOST_CATEGORIES} then category else '{OTHER}' end as category,
                sum(amount) as amount
            from ranked group by all
            union all
            {medians}
        )
        select '{source}', sender, kept.sha256, received_date, delivery_sequence, row_count,
            field, category, cast(amount as bigint)
        from kept inner join whole_delivery using (sha256)
        order by all
        """
    )
    connection.execute("drop table whole_delivery")


def _code(category: Category) -> str:
    """SQL of a followed code of a raw row."""
    columns = ", ".join(category.columns)
    filled = f"coalesce({columns})" if len(category.columns) > 1 else columns
    return f"left({filled}, {category.first})" if category.first else filled


def _band(column: str) -> str:
    """The power of two below a positive number; 'zero' for the rest."""
    return (
        f"case when {column} > 0 then cast(floor(log2({column})) as integer)::varchar "
        f"when {column} is not null then 'zero' end"
    )


# field -> SQL of its category over a consignment with its points and lane.
_DAY_FIELDS = MappingProxyType(
    {
        "value": _band("value_vnd"),
        "weight": _band("gross_weight_kg"),
        "score": "cast(points // 20 * 20 as varchar)",
        "lane": "lane",
    }
)


def remember_days(connection: duckdb.DuckDBPyConnection) -> None:
    """Profile the days of the run as the marts hold them, in place of what was kept of them."""
    window = "in (select day from raw.run_day)"
    columns = ", ".join(
        f"coalesce({sql}, '{NOT_STATED}') as \"{name}\"" for name, sql in _DAY_FIELDS.items()
    )
    sets = ", ".join(f'(day, "{name}")' for name in _DAY_FIELDS)
    field = " ".join(f"when grouping(\"{name}\") = 0 then '{name}'" for name in _DAY_FIELDS)
    value = " ".join(f'when grouping("{name}") = 0 then "{name}"' for name in _DAY_FIELDS)
    connection.begin()
    try:
        for statement in _TABLES.strip().split(";")[:-1]:
            connection.execute(statement)
        connection.execute(f"delete from pipeline.day_profile where day {window}")
        connection.execute(
            f"""
            insert into pipeline.day_profile
            with scored as (
                select consignment_id, day, sum(score_points) as points
                from risk.fct_risk_scores where day {window} group by consignment_id, day
            ),
            chosen as (
                select consignment_id, day, min(lane) as lane
                from risk.fct_selections where day {window} group by consignment_id, day
            ),
            judged as (
                select fact.day, {columns}
                from core.fct_consignments as fact
                left join scored on fact.consignment_id = scored.consignment_id
                    and fact.day = scored.day
                left join chosen on fact.consignment_id = chosen.consignment_id
                    and fact.day = chosen.day
                where fact.day {window} and fact.is_active
            ),
            counted as (
                select day, case {field} end as field, case {value} end as category,
                    count(*) as amount
                from judged group by grouping sets ({sets})
            )
            select day, sum(amount) over (partition by day, field), field, category, amount
            from counted order by all
            """
        )
        connection.execute(
            f"""
            insert into pipeline.day_profile
            select fired.day, days.row_count, '{INDICATOR}', fired.indicator_id, fired.amount
            from (
                select day, indicator_id, count(distinct consignment_id) as amount
                from risk.fct_risk_indicators
                where day {window} and indicator_id not in (
                    select indicator_id from seeds.risk_indicators where ends_by_itself
                )
                group by day, indicator_id
            ) as fired
            inner join (
                select distinct day, row_count from pipeline.day_profile
                where field = 'lane' and day {window}
            ) as days on fired.day = days.day
            order by all
            """
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def compared_sql(unit: str, own: str, before: str) -> str:
    """Select (unit columns, field, row_count, past_rows, moved_percent) of every unit and field.

    own: select (unit columns, field, category, amount) of what is judged, before: the same of its
    past, summed. moved_percent: whole percent of rows that are in another category than before,
    half the sum of the absolute differences of the shares, rounded down; all in integers.
    """
    return f"""
        select {unit}, field, own_rows as row_count, past_rows,
            cast(sum(abs(own_amount * past_rows - past_amount * own_rows)) * 100
                // (2 * own_rows * past_rows) as bigint) as moved_percent
        from (
            select *, sum(own_amount) over (partition by {unit}, field) as own_rows,
                sum(past_amount) over (partition by {unit}, field) as past_rows
            from (
                select {unit}, field, category,
                    cast(sum(own_amount) as hugeint) as own_amount,
                    cast(sum(past_amount) as hugeint) as past_amount
                from (
                    select {unit}, field, category, amount as own_amount, 0 as past_amount
                    from ({own}) as own
                    union all
                    select {unit}, field, category, 0 as own_amount, amount as past_amount
                    from ({before}) as before
                ) as both_sides group by {unit}, field, category
            ) as summed
        ) as totals
        where own_rows > 0 and past_rows > 0
        group by {unit}, field, own_rows, past_rows
    """
