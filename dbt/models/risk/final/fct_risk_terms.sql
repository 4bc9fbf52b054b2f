{{ config(materialized='day_window') }}
-- The points of the features of what was selected, one row a feature that adds or takes any, with the
-- value, its bin and the counts behind it: what an officer adds up again. What is said of whom the
-- consignment goes through has no item. Looked up row by row in the
-- bins, so that it also proves the statement that scored the day.
{%- set profiles = [] %}
{%- for profile, (_, _, _, is_feature, _) in goods_profiles().items() if is_feature %}
{%- do profiles.append(profile) %}
{%- endfor %}
with selected as (

    select distinct
        selections.consignment_id,
        selections.day
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('int_risk__parameters') }} as parameters
        on selections.day = parameters.day
    inner join {{ ref('int_risk__models_in_force') }} as models
        on selections.day = models.day
        and models.kind = 'scorecard'

),

items as (

    select
        items.consignment_id,
        items.day,
        items.item_number,
        models.risk_type,
        models.model_version,
        measures.departure_share_milli,
        measures.schedule_share_milli,
        measures.rate_above_best_milli,
        items.departure_differs,
        items.log_mass,
        items.log_value,
        items.mass_roundness,
        {% for profile in profiles %}
        profiles.profile_{{ profile }},
        profiles.inspected_{{ profile }},
        profiles.found_{{ profile }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_risk__item_features') }} as items
    inner join selected
        on items.day = selected.day
        and items.consignment_id = selected.consignment_id
    inner join {{ ref('int_risk__models_in_force') }} as models
        on items.day = models.day
        and models.kind = 'scorecard'
    inner join {{ ref('int_risk__goods_profiles') }} as profiles
        on items.day = profiles.day
        and models.risk_type = profiles.risk_type
        {%- for column in ['goods_code'] + goods_key_columns().values() | list %}
        and items.{{ column }} = profiles.{{ column }}
        {%- endfor %}
    inner join {{ ref('int_risk__goods_measures') }} as measures
        on items.day = measures.day
        {%- for column in ['goods_code'] + goods_key_columns().values() | list %}
        and items.{{ column }} = measures.{{ column }}
        {%- endfor %}

),

behind as (

    select entities.*
    from {{ ref('int_risk__entities') }} as entities
    inner join selected
        on entities.day = selected.day
        and entities.consignment_id = selected.consignment_id

),

entities as (

    {{ entity_features(entity_feature_kinds(), 'behind') }}

),

told as (

    {% for feature in [
        'departure_share_milli', 'schedule_share_milli', 'rate_above_best_milli', 'departure_differs',
        'log_mass', 'log_value', 'mass_roundness',
    ] %}
    select
        consignment_id, day, item_number, risk_type, model_version,
        '{{ feature }}' as feature,
        cast({{ feature }} as bigint) as value_milli,
        cast(null as bigint) as inspected_count,
        cast(null as bigint) as finding_count
    from items
    union all
    {% endfor %}
    {% for profile in profiles %}
    select
        consignment_id, day, item_number, risk_type, model_version,
        'profile_{{ profile }}' as feature,
        profile_{{ profile }} as value_milli,
        inspected_{{ profile }} as inspected_count,
        found_{{ profile }} as finding_count
    from items
    union all
    {% endfor %}
    {% for kind in entity_feature_kinds() %}
    select
        entities.consignment_id, entities.day, cast(null as bigint) as item_number, entities.risk_type,
        models.model_version,
        'profile_{{ kind }}' as feature,
        entities.profile_{{ kind }} as value_milli,
        entities.inspected_{{ kind }} as inspected_count,
        entities.found_{{ kind }} as finding_count
    from entities
    inner join {{ ref('int_risk__models_in_force') }} as models
        on entities.day = models.day
        and entities.risk_type = models.risk_type
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

points as (

    select
        told.consignment_id,
        told.day,
        told.item_number,
        told.risk_type,
        told.model_version,
        told.feature,
        told.value_milli,
        told.inspected_count,
        told.finding_count,
        bins.bin_no,
        bins.low_milli,
        bins.high_milli,
        bins.points,
        bins.reason_id,
        sum(bins.points) over (
            partition by told.day, told.consignment_id, told.risk_type, told.item_number
        ) as item_points
    from told
    inner join {{ ref('int_risk__model_bins') }} as bins
        on told.model_version = bins.model_version
        and told.feature = bins.feature
        and case
            when told.value_milli is null then bins.bin_no = 0
            else bins.bin_no > 0
        end
        -- a missing value has its own bin, which has no bounds
        and coalesce(told.value_milli > bins.low_milli, true)
        and coalesce(told.value_milli <= bins.high_milli, true)

),

riskiest as (

    select
        points.*,
        min(item_number) over (
            partition by day, consignment_id, risk_type, item_points
        ) as first_with_these_points,
        max(case when item_number is not null then item_points end) over (
            partition by day, consignment_id, risk_type
        ) as largest_points
    from points

)

select
    consignment_id,
    day,
    risk_type,
    feature,
    model_version,
    item_number,
    value_milli,
    bin_no,
    low_milli,
    high_milli,
    cast(points as bigint) as points,
    inspected_count,
    finding_count,
    reason_id
from riskiest
where
    points <> 0
    and (
        item_number is null
        or (item_points = largest_points and item_number = first_with_these_points)
    )
