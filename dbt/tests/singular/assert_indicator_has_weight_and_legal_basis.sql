{{ config(group='risk') }}

-- Every indicator has a weight and a legal basis at some time; every weight in force has exactly one
-- legal basis on the day; one weight version a day and risk type: a model counts for one of them. Not
-- claimed: that the law is read rightly.
with indicators as (

    select distinct indicator_id
    from {{ ref('risk_indicators') }}

),

-- A model that is no indicator would find what nobody sees; an indicator without one finds nothing.
models as (

    {% for indicator in indicator_models() %}
    select '{{ indicator }}' as indicator_id
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

weights as (

    select distinct indicator_id
    from {{ ref('risk_indicator_weights') }}

),

dated_weights as (

    select
        parameters.day,
        weights.indicator_id,
        weights.risk_type,
        count(in_force.indicator_id) as basis_count
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('risk_indicator_weights') }} as weights
        on parameters.day >= weights.valid_from
        and (weights.valid_to is null or parameters.day <= weights.valid_to)
    left join {{ ref('int_risk__weights_in_force') }} as in_force
        on parameters.day = in_force.day
        and weights.indicator_id = in_force.indicator_id
        and weights.risk_type = in_force.risk_type
        and in_force.legal_basis is not null
    group by
        parameters.day,
        weights.indicator_id,
        weights.risk_type

)

select
    models.indicator_id,
    'model without a row in risk_indicators' as problem
from models
left join indicators
    on models.indicator_id = indicators.indicator_id
where indicators.indicator_id is null
union all
select
    indicators.indicator_id,
    'indicator without a model' as problem
from indicators
left join models
    on indicators.indicator_id = models.indicator_id
where models.indicator_id is null
union all
select
    indicators.indicator_id,
    'indicator without weight' as problem
from indicators
left join weights
    on indicators.indicator_id = weights.indicator_id
where weights.indicator_id is null
union all
select
    weights.indicator_id,
    'weight of an unknown indicator' as problem
from weights
left join indicators
    on weights.indicator_id = indicators.indicator_id
where indicators.indicator_id is null
union all
select
    indicator_id,
    'weight and legal basis do not match one to one on ' || cast(day as string) as problem
from dated_weights
where basis_count <> 1
union all
select
    'all' as indicator_id,
    'several weight versions of ' || risk_type || ' on ' || cast(day as string) as problem
from {{ ref('int_risk__weights_in_force') }}
group by
    day,
    risk_type
having count(distinct weight_version) > 1
