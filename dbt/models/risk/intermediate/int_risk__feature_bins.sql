{{ config(materialized='day_window') }}
-- Mergeable: how the flow of a day and its indicators spread over bins. Drift adds up these and reads
-- no consignment of an earlier day again.
{% set flow_features = [
    'value_band', 'mass_band', 'hs_chapter', 'origin_country_code', 'platform_code',
] %}
with sized as (

    select
        consignments.day,
        cast(floor(consignments.value_vnd) as bigint) as value_vnd,
        {{ thousandths('consignments.mass_kg') }} as mass_grams,
        consignments.hs_chapter,
        consignments.origin_country_code,
        consignments.platform_code
    from {{ ref('fct_consignments') }} as consignments
    inner join {{ ref('int_risk__parameters') }} as parameters
        on consignments.day = parameters.day
        and consignments.importing_country_code = parameters.home_country_code
    where consignments.is_active

),

-- Once over the consignments, then over their few combinations.
flow as (

    select
        day,
        {{ decade_band('value_vnd') }} as value_band,
        {{ decade_band('mass_grams') }} as mass_band,
        hs_chapter,
        origin_country_code,
        platform_code,
        count(*) as consignment_count
    from sized
    group by
        day,
        {{ decade_band('value_vnd') }},
        {{ decade_band('mass_grams') }},
        hs_chapter,
        origin_country_code,
        platform_code

),

totals as (

    select
        day,
        cast(sum(consignment_count) as bigint) as consignment_count
    from flow
    group by day

),

-- An indicator in force that never fires is in the one bin, not out of sight.
indicators as (

    select
        weights.day,
        weights.indicator_id,
        cast(coalesce(max(fired.fired_count), 0) as bigint) as fired_count
    from {{ ref('int_risk__weights_in_force') }} as weights
    left join {{ ref('int_risk__indicator_days') }} as fired
        on weights.day = fired.day
        and weights.indicator_id = fired.indicator_id
    group by
        weights.day,
        weights.indicator_id

)

{% for feature in flow_features %}
select
    day,
    '{{ feature }}' as feature,
    coalesce({{ feature }}, 'unknown') as bin,
    cast(sum(consignment_count) as bigint) as consignment_count
from flow
group by
    day,
    coalesce({{ feature }}, 'unknown')
union all
{% endfor %}
select
    indicators.day,
    'indicator_' || indicators.indicator_id as feature,
    'fired' as bin,
    least(indicators.fired_count, totals.consignment_count) as consignment_count
from indicators
inner join totals
    on indicators.day = totals.day
union all
select
    indicators.day,
    'indicator_' || indicators.indicator_id as feature,
    'not_fired' as bin,
    totals.consignment_count - least(indicators.fired_count, totals.consignment_count)
        as consignment_count
from indicators
inner join totals
    on indicators.day = totals.day
