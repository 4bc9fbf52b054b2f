{#- Select of what every indicator found: one row per consignment and indicator, and per risk type
    where the indicator says which one it speaks of. One that does not say how strongly it fires has one
    strength. A model that the list does not name stops dbt. -#}
{% macro fired_indicators() -%}
    {%- set indicators = indicator_models() -%}
    {%- if execute -%}
    {%- for node in graph.nodes.values() if node.name.startswith('int_risk__indicator_') -%}
        {#- What reads the result is no indicator but a count of it. -#}
        {%- if node.resource_type == 'model'
            and node.name[20:] not in indicators
            and not node.depends_on.nodes | select('equalto', model.unique_id) | list -%}
            {{ exceptions.raise_compiler_error(
                'no list names the indicator ' ~ node.name ~ ': run `python -m tests.indicator_models`'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- endif -%}
    {%- for indicator, own_columns in indicators.items() %}
select
    consignment_id,
    day,
    indicator_id,
    evidence,
    {{ 'risk_type' if 'risk_type' in own_columns else 'cast(null as string) as risk_type' }},
    {{
        'legal_instrument_id' if 'legal_instrument_id' in own_columns
        else 'cast(null as string) as legal_instrument_id'
    }},
    {{ 'strength_milli' if 'strength_milli' in own_columns else thousandths(1) ~ ' as strength_milli' }}
from {{ ref('int_risk__indicator_' ~ indicator) }}
{{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
