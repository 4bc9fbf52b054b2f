{{ config(materialized='day_window') }}
-- How many consignments lie just within and just above each value limit in force: of a seller, of an
-- operator, of all. Only what lies in the bands is counted, so the state stays small. Lines of a
-- declaration are left out: the limits are about the whole receipt.
{% set limits = ['DUTY_RELIEF_VALUE', 'DUTY_RELIEF_OTHER_VALUE', 'VAT_RELIEF_EXPRESS'] %}
with bands as (

    select
        day,
        {{ rule_number('LIMIT_BAND_PERCENT', 'decimal(9, 3)') }} as band_percent
    from {{ ref('int_rules__in_force') }}
    group by day

),

limits as (

    select
        rules.day,
        rules.parameter_id as limit_id,
        cast(rules.value as decimal(18, 2)) as limit_vnd,
        {{ percent_of('cast(rules.value as decimal(18, 2))', 'bands.band_percent') }} as band_vnd
    from {{ ref('int_rules__in_force') }} as rules
    inner join bands
        on rules.day = bands.day
    where
        rules.parameter_id in (
            {% for limit in limits %}
            '{{ limit }}'{{ ',' if not loop.last }}
            {% endfor %}
        )

),

-- On one narrow column first: most consignments are far from every limit.
near as (

    select
        subjects.day,
        limits.limit_id,
        limits.limit_vnd,
        limits.band_vnd,
        subjects.consignor_party_id,
        subjects.operator_code,
        case when subjects.value_vnd <= limits.limit_vnd then 1 else 0 end as is_within
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join limits
        on subjects.day = limits.day
        and subjects.value_vnd > limits.limit_vnd - limits.band_vnd
        and subjects.value_vnd <= limits.limit_vnd + limits.band_vnd
    where subjects.consignment_kind <> 'declaration_line'

)

{% for kind, key in [('seller', 'consignor_party_id'), ('operator', 'operator_code'), ('all', "'*'")] %}
select
    day,
    limit_id,
    limit_vnd,
    band_vnd,
    '{{ kind }}' as entity_kind,
    {{ key }} as entity_key,
    cast(sum(is_within) as bigint) as consignments_within,
    cast(count(*) - sum(is_within) as bigint) as consignments_above
from near
where {{ key }} is not null
group by
    day,
    limit_id,
    limit_vnd,
    band_vnd{{ ',' if kind != 'all' }}
    {{ key if kind != 'all' }}
{{ 'union all' if not loop.last }}
{% endfor %}
