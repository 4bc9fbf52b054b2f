-- How much is out there, from random draws alone: targeted inspections must not move it. Hajek's ratio
-- estimate, sum(w y) / sum(w) with w = 1 / probability; its interval is Wilson's at the effective number
-- of draws, sum(w)^2 / sum(w^2) (Kish 1965), which stays honest where nothing was found.
-- Leakage: the same among draws that no other selection would have stopped.
{% set populations = {'prevalence': '1', 'leakage': 'is_otherwise_green'} %}
with draws as (

    {% for office in ["'all'", 'customs_office_code'] %}
    select
        cast(date_trunc('month', consignment_day) as date) as month,
        {{ office }} as customs_office_code,
        has_finding,
        is_otherwise_green,
        weight_milli,
        weight_square_milli
    from {{ ref('int_risk__random_draws') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

summed as (

    select
        month,
        customs_office_code,
        cast(sum(case when weight_milli is null then 1 else 0 end) as bigint) as unweighted_count,
        {% for name, holds in populations.items() %}
        {%- set counts = 'weight_milli is not null and ' ~ holds ~ ' = 1' %}
        cast(sum(case when {{ counts }} then 1 else 0 end) as bigint) as {{ name }}_drawn_count,
        cast(sum(case when {{ counts }} then has_finding else 0 end) as bigint)
            as {{ name }}_finding_count,
        sum(case when {{ counts }} then cast(weight_milli as decimal(28, 0)) end) as {{ name }}_weight,
        sum(case
            when {{ counts }} and has_finding = 1 then cast(weight_milli as decimal(28, 0))
            when {{ counts }} then 0
        end) as {{ name }}_found_weight,
        sum(
            case when {{ counts }} then cast(weight_square_milli as decimal(28, 0)) end
        ) as {{ name }}_weight_square{{ ',' if not loop.last }}
        {% endfor %}
    from draws
    group by
        month,
        customs_office_code

),

effective as (

    select
        month,
        customs_office_code,
        unweighted_count,
        {% for name in populations %}
        {%- set weight = from_thousandths('cast(' ~ name ~ '_weight as double)') %}
        {%- set found_weight = from_thousandths('cast(' ~ name ~ '_found_weight as double)') %}
        {%- set square = from_thousandths('cast(' ~ name ~ '_weight_square as double)') %}
        {{ name }}_drawn_count,
        {{ name }}_finding_count,
        {{ weight }} as {{ name }}_weight,
        {{ found_weight }} as {{ name }}_found_weight,
        {{ weight }} * {{ weight }} / {{ square }} as {{ name }}_effective,
        {{ found_weight }} * {{ weight }} / {{ square }}
            as {{ name }}_found_effective{{ ',' if not loop.last }}
        {% endfor %}
    from summed

)

select
    month,
    customs_office_code,
    unweighted_count,
    {% for name in populations %}
    {{ name }}_drawn_count,
    {{ name }}_finding_count,
    try_cast(floor({{ name }}_weight + 0.5) as bigint) as {{ name }}_stands_for_count,
    try_cast(floor({{ name }}_effective) as bigint) as {{ name }}_effective_count,
    {{ share_in_percent(name ~ '_found_weight', name ~ '_weight') }} as {{ name }}_percent,
    {{ wilson_percent(name ~ '_found_effective', name ~ '_effective', 'low') }}
        as {{ name }}_low_percent,
    {{ wilson_percent(name ~ '_found_effective', name ~ '_effective', 'high') }}
        as {{ name }}_high_percent{{ ',' if not loop.last }}
    {% endfor %}
from effective
