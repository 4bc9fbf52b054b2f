{{ config(materialized='whole_table') }}
-- Log-odds of a finding for every combination of goods, route and regime, by risk type: shrunken
-- rates whose prior is the posterior of the wider cell. A cell without inspections says what its
-- parent says.
{%- set profiles = goods_profiles() %}
with shrinkage as (

    {{ parameters_by_day({
        'shrinkage': ['PROFILE_SHRINKAGE', 'double'],
        'finest_shrinkage': ['PROFILE_SHRINKAGE_FINEST', 'double']
    }) }}

),

counts as (

    select
        cells.day,
        {{ goods_columns('cells') }},
        types.risk_type,
        {% for profile in ['base'] + profiles.keys() | list %}
        cast(coalesce(sum(
            case when cells.profile_id = '{{ profile }}' and states.outcome = 'inspected'
                then states.case_count end
        ), 0) as double) as inspected_{{ profile }},
        cast(coalesce(sum(
            case when cells.profile_id = '{{ profile }}' and states.outcome = types.risk_type
                then states.case_count end
        ), 0) as double) as found_{{ profile }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_risk__goods_cells') }} as cells
    inner join {{ ref('int_risk__modelled_types') }} as types
        on cells.day = types.day
    left join {{ ref('int_risk__profile_states') }} as states
        on cells.day = states.day
        and cells.profile_id = states.profile_id
        and cells.cell_key = states.cell_key
    group by
        cells.day,
        {{ goods_columns('cells') }},
        types.risk_type

),

rates_base as (

    select
        counts.*,
        shrinkage.shrinkage,
        shrinkage.finest_shrinkage,
        -- never nothing and never everything: one finding and one other case are assumed
        (counts.found_base + 1) / (counts.inspected_base + 2) as rate_base
    from counts
    inner join shrinkage
        on counts.day = shrinkage.day

),

{% set before = namespace(rates='rates_base') %}
{%- for profile, (parent, _, _, _, is_finest) in profiles.items() -%}
{%- set own = 'finest_shrinkage' if is_finest else 'shrinkage' -%}
rates_{{ profile }} as (

    select
        *,
        (found_{{ profile }} + {{ own }} * rate_{{ parent }})
        / (inspected_{{ profile }} + {{ own }}) as rate_{{ profile }}
    from {{ before.rates }}

){{ ',' if not loop.last }}

{% set before.rates = 'rates_' ~ profile %}
{%- endfor %}
select
    day,
    {{ goods_columns() }},
    risk_type,
    {% for profile, (_, _, _, is_feature, _) in profiles.items() if is_feature %}
    {{ thousandths('ln(rate_' ~ profile ~ ' / (1 - rate_' ~ profile ~ '))') }}
        as profile_{{ profile }},
    cast(inspected_{{ profile }} as bigint) as inspected_{{ profile }},
    cast(found_{{ profile }} as bigint) as found_{{ profile }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ before.rates }}
