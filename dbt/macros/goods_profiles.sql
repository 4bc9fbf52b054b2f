{#- The profiles of goods, route and regime: cell -> [parent, HS digits, other parts of the key, is a
    feature]. A cell's rate starts from its parent's; the finest cells (their last entry) need fewer
    inspections of their own. Order: a parent before its children. What is no feature is a parent only:
    chosen on the public set (docs/adr/0030). -#}
{% macro goods_profiles() -%}
    {{ return({
        'hs2': ['base', 2, [], false, false],
        'hs4': ['hs2', 4, [], true, false],
        'hs6': ['hs4', 6, [], true, false],
        'hs8': ['hs6', 8, [], true, false],
        'departure': ['base', 0, ['departure'], false, false],
        'origin': ['base', 0, ['origin'], true, false],
        'schedule': ['base', 0, ['schedule'], false, false],
        'schedule_rate': ['schedule', 0, ['schedule', 'rate'], true, false],
        'hs2_departure': ['departure', 2, ['departure'], false, false],
        'hs4_departure': ['hs2_departure', 4, ['departure'], true, false],
        'hs6_departure': ['hs4_departure', 6, ['departure'], false, false],
        'hs6_departure_origin': ['hs6_departure', 6, ['departure', 'origin'], true, true],
        'hs2_origin': ['origin', 2, ['origin'], false, false],
        'hs4_origin': ['hs2_origin', 4, ['origin'], true, false],
        'hs6_origin': ['hs4_origin', 6, ['origin'], false, false],
        'hs6_origin_schedule': ['hs6_origin', 6, ['origin', 'schedule'], false, true],
        'hs6_regime': ['hs6_origin_schedule', 6, ['departure', 'origin', 'schedule', 'rate'], true, true]
    }) }}
{%- endmacro %}

{#- The parts of a key beside the HS code -> the column that holds each. -#}
{% macro goods_key_columns() -%}
    {{ return({
        'departure': 'departure_country_code',
        'origin': 'origin_country_code',
        'schedule': 'tariff_schedule_code',
        'rate': 'duty_rate_milli'
    }) }}
{%- endmacro %}

{#- The key of a goods combination, as one list of columns. -#}
{% macro goods_columns(alias='') -%}
    {%- set before = alias ~ '.' if alias else '' -%}
    {%- for column in ['goods_code'] + goods_key_columns().values() | list -%}
    {{ before }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- SQL of the text that names a cell of `profile`; null where the code is shorter than the cell. -#}
{% macro goods_cell(profile, alias) -%}
    {%- set _, digits, parts, _, _ = goods_profiles()[profile] -%}
    {%- set keys = goods_key_columns() -%}
    case when length({{ alias }}.goods_code) >= {{ digits }} then
        substr({{ alias }}.goods_code, 1, {{ digits }})
        {%- for part in parts %} || '|' || cast({{ alias }}.{{ keys[part] }} as string)
        {%- endfor %}
    end
{%- endmacro %}
