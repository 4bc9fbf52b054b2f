{#- The kinds of entities whose profile a fitted model may read, as `profile_<kind>`. -#}
{% macro entity_feature_kinds() -%}
    {%- set kinds = [] -%}
    {%- for kind, (_, _, is_feature) in entity_profiles().items() if is_feature -%}
        {%- do kinds.append(kind) -%}
    {%- endfor -%}
    {{ return(kinds) }}
{%- endmacro %}

{#- Select of the profiles of `kinds` for each consignment of `behind` (columns of int_risk__entities) and
    each risk type whose model in force reads profiles: log-odds in thousandths and the counts behind
    them. Who was never inspected has the rate of the cohort; what is not stated is nobody, and missing.
    A consignment has one row a risk type: an entity has one row of fct_entity_profiles a cohort. -#}
{% macro entity_features(kinds, behind) -%}
    {%- set profiles = entity_profiles() -%}
    {%- set joined = kinds | list -%}
    {%- for kind in kinds -%}
        {%- set cohort, is_cohort, _ = profiles[kind] -%}
        {%- if not is_cohort and cohort not in joined -%}{%- do joined.append(cohort) -%}{%- endif -%}
    {%- endfor -%}
select
    behind.consignment_id,
    behind.day,
    types.risk_type
    {%- for kind in kinds %}
    {%- set cohort, is_cohort, _ = profiles[kind] %}
    {%- set rate = kind ~ '_rates.rate_micro' if is_cohort
        else 'coalesce(' ~ kind ~ '_rates.rate_micro, ' ~ cohort ~ '_rates.rate_micro)' %},
    case when behind.{{ kind }}_key is not null then {{ log_odds(rate) }} end as profile_{{ kind }},
    case when behind.{{ kind }}_key is not null and {{ rate }} is not null
        then coalesce({{ kind }}_rates.inspected_count, 0) end as inspected_{{ kind }},
    case when behind.{{ kind }}_key is not null and {{ rate }} is not null
        then coalesce({{ kind }}_rates.finding_count, 0) end as found_{{ kind }}
    {%- endfor %}
from {{ behind }} as behind
inner join {{ ref('int_risk__modelled_types') }} as types
    on behind.day = types.day
{%- for kind in joined %}
{%- set cohort = profiles[kind][0] %}
left join (
    -- of the modelled days alone: a left join reads the whole table otherwise
    select rates.*
    from {{ ref('fct_entity_profiles') }} as rates
    inner join {{ ref('int_risk__modelled_days') }} as days
        on rates.day = days.day
) as {{ kind }}_rates
    on behind.day = {{ kind }}_rates.day
    and types.risk_type = {{ kind }}_rates.risk_type
    and {{ kind }}_rates.entity_kind = '{{ kind }}'
    and behind.{{ kind }}_key = {{ kind }}_rates.entity_key
    {%- if cohort != 'all' %}
    and behind.{{ cohort }}_key = {{ kind }}_rates.cohort_key
    {%- endif %}
{%- endfor %}
{%- endmacro %}

{#- SQL: log-odds, in thousandths, of a rate in millionths; a rate that rounds to none or to all is one
    millionth from it. -#}
{% macro log_odds(rate_micro) -%}
    {%- set inside = 'cast(least(greatest(' ~ rate_micro ~ ', 1), 999999) as double)' -%}
    case when {{ rate_micro }} is not null
        then {{ thousandths('ln(' ~ inside ~ ' / (1e6 - ' ~ inside ~ '))') }} end
{%- endmacro %}
