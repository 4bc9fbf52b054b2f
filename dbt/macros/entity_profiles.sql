{#- The profiles of whom and what a consignment goes through: kind -> [cohort that it starts from, is a
    cohort, is a feature of fitted models]. A kind is a column <kind>_key of int_risk__entities. Cohorts
    have a profile for whatever comes, others for whom an inspection is known of: who is new has the rate
    of the cohort. What is no feature is a cohort only: the profile of an origin is one of goods already,
    and a province says where people live. Order: a cohort before its members. -#}
{% macro entity_profiles() -%}
    {{ return({
        'operator': ['all', true, true],
        'office': ['all', true, true],
        'platform': ['all', true, false],
        'platform_origin_chapter': ['platform', true, true],
        'province': ['all', true, false],
        'origin': ['all', true, false],
        'seller': ['platform_origin_chapter', false, true],
        'sender': ['origin', false, true],
        'address': ['province', false, true],
        'consignee': ['province', false, true],
        'declarant': ['office', false, true]
    }) }}
{%- endmacro %}

{#- Select of the cells that days ask for, each with the cell of its cohort. `days`: relation (day);
    `known`: relation (day, profile_id, cell_key) of what inspections are known of; is_known_only: of
    cohorts too. -#}
{% macro entity_cells(days, known, is_known_only=false) -%}
{% for kind, (cohort, is_cohort, _) in entity_profiles().items() %}
select distinct
    entities.day,
    '{{ kind }}' as profile_id,
    entities.{{ kind }}_key as cell_key,
    '{{ cohort }}' as cohort_id,
    {{ "''" if cohort == 'all' else 'entities.' ~ cohort ~ '_key' }} as cohort_key
from {{ ref('int_risk__entities') }} as entities
inner join {{ days }} as asked
    on entities.day = asked.day
{% if is_known_only or not is_cohort -%}
inner join (
    select
        day,
        cell_key
    from {{ known }}
    where profile_id = '{{ kind }}'
) as inspected
    on entities.day = inspected.day
    and entities.{{ kind }}_key = inspected.cell_key
{% endif -%}
where entities.{{ kind }}_key is not null
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- SQL: whether a profile is that of an entity or its cohort, and not of goods. -#}
{% macro is_entity_profile(column) -%}
    {{ column }} in ('all'{% for kind in entity_profiles() %}, '{{ kind }}'{% endfor %})
{%- endmacro %}
