{#- What flows are counted by: families of dimensions that a day is grouped by once, each with its
    columns of int_flows__consignments, and [dimension, SQL of its member]. A seller keeps to few
    routes, but not to few goods or places (`sellers_keep_to_it`): only then grouping by seller first
    leaves few rows. To add a dimension: a line
    here, a word in the YAML of fct_flows_monthly. Keep out: joint cells (fct_import_flows_daily). -#}
{% macro flow_families() %}
    {{ return({
        'route': {
            'sellers_keep_to_it': true,
            'columns': ['platform_code', 'platform_status', 'channel', 'origin_country_code'],
            'dimensions': [
                ['total', "'all'"],
                ['platform', 'platform_code'],
                ['platform_status', 'platform_status'],
                ['channel', 'channel'],
                ['origin', 'origin_country_code'],
            ],
        },
        'goods': {
            'sellers_keep_to_it': false,
            'columns': ['hs_chapter', 'hs_heading', 'hs_subheading'],
            'dimensions': [
                ['hs2', 'hs_chapter'],
                ['hs4', 'hs_heading'],
                ['hs6', 'hs_subheading'],
            ],
        },
        'place': {
            'sellers_keep_to_it': false,
            'columns': ['province_code'],
            'dimensions': [['province', 'province_code']],
        },
    }) }}
{% endmacro %}

{#- Roles whose members of a day are few: their contributions are added up exactly. -#}
{% macro flow_roles() %}
    {{ return({
        'platform': 'platform_contributor_code',
        'operator': 'operator_code',
        'declarant': 'declarant_code',
    }) }}
{% endmacro %}

{#- First day of the month before the month that begins on this day. -#}
{% macro month_before(first_day) -%}
    cast(date_trunc('month', {{ add_days(first_day, -1) }}) as date)
{%- endmacro %}

{#- First day of the same month a year before; 365 days back is its first or, over a leap day, its
    second day. -#}
{% macro year_before(first_day) -%}
    cast(date_trunc('month', {{ add_days(first_day, -365) }}) as date)
{%- endmacro %}

{#- Days of the month that begins on this day. -#}
{% macro days_of_month(first_day) -%}
    {{ days_between(first_day, 'last_day(' ~ first_day ~ ')') }} + 1
{%- endmacro %}

{#- Last day of the year that begins on this day: 366 days later it is the next year, whatever the leap. -#}
{% macro last_day_of_year(first_day) -%}
    {{ add_days("cast(date_trunc('year', " ~ add_days(first_day, 366) ~ ") as date)", -1) }}
{%- endmacro %}

{#- Last day of the quarter that begins on this day: 92 days later it is the next quarter, within its
    first days. -#}
{% macro last_day_of_quarter(first_day) -%}
    {{ add_days("cast(date_trunc('quarter', " ~ add_days(first_day, 92) ~ ") as date)", -1) }}
{%- endmacro %}
