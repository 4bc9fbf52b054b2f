{#- Select of the pairs of owner and sender whose small receipts pass the limit for one owner over several
    days, on the days in `parameters` (day, split_history_from, limit_vnd, least_receipts): those that
    receive on the day, from the states of the day and of the days before it that it looks back to.
    All on one day is another rule (int_risk__split_consignments). -#}
{% macro split_over_days(parameters) -%}
select
    today.day,
    today.owner_party_id,
    today.consignor_party_id,
    parameters.limit_vnd,
    cast(sum(held.receipts) as bigint) as receipts,
    count(distinct held.day) as active_days,
    cast({{ days_between('min(held.day)', 'today.day') }} + 1 as bigint) as span_days,
    cast(sum(held.value_vnd) as decimal(38, 2)) as value_vnd
from {{ parameters }} as parameters
inner join {{ ref('int_risk__owner_days') }} as today
    on parameters.day = today.day
inner join {{ ref('int_risk__owner_days') }} as held
    on today.owner_party_id = held.owner_party_id
    and today.consignor_party_id = held.consignor_party_id
    and today.day >= held.day
    and parameters.split_history_from <= held.day
group by
    today.day,
    today.owner_party_id,
    today.consignor_party_id,
    parameters.limit_vnd,
    parameters.least_receipts
having
    min(held.day) < today.day
    and sum(held.receipts) >= parameters.least_receipts
    and sum(held.value_vnd) > parameters.limit_vnd
{%- endmacro %}

{#- Named query `parameters` of the macro above: of the run's days, or of a relation of days. -#}
{% macro split_over_days_parameters(days=none) -%}
parameters as (

    select
        day,
        {{ add_days('day', '1 - window_days') }} as split_history_from,
        limit_vnd,
        least_receipts
    from (
        {{ parameters_by_day({
            'window_days': ['SPLIT_OVER_DAYS_WINDOW', 'integer'],
            'limit_vnd': ['AGGREGATE_SAME_OWNER', 'decimal(18,2)'],
            'least_receipts': ['SPLIT_OVER_DAYS_RECEIPTS', 'bigint'],
        }, days=days) }}
    ) as by_day

)
{%- endmacro %}
