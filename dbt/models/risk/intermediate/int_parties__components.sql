{{ config(materialized='day_window') }}
-- Which parties are one, by the smallest party of each component: a row on the day on which that
-- changed. Days that the run computes are emptied before they are read here.
{% set stored -%}
    {% if keeps_other_days() %}{{ this }}{% else -%}
    (
        select
            day,
            party_id,
            party_id as component_id
        from {{ ref('fct_party_links') }}
        where party_id is null
    )
    {%- endif %}
{%- endset %}
{{ party_components(ref('int_parties__days'), stored) }}
