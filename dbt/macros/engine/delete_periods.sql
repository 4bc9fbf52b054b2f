{#- The statement that removes the rows of `this` whose period (`column`: a day, or the first day of a
    month) fulfils the condition. -#}
{% macro delete_periods(column, condition) -%}
    {{ return(adapter.dispatch('delete_periods')(column, condition)) }}
{%- endmacro %}

{% macro default__delete_periods(column, condition) -%}
    delete from {{ this }} where {{ condition }}
{%- endmacro %}

{#- Parquet tables know no delete: the period is the partition, and partitions are dropped. -#}
{% macro spark__delete_periods(column, condition) -%}
    {%- if execute -%}
        {%- set present = [] -%}
        {%- for row in run_query('show partitions ' ~ this) -%}
            {%- do present.append("(date '" ~ row[0].split('=')[1] ~ "')") -%}
        {%- endfor -%}
        {%- set dropped = [] -%}
        {%- if present -%}
            {%- set found = run_query(
                'select ' ~ column ~ ' from (values ' ~ present | join(', ') ~ ') as periods (' ~ column
                ~ ') where ' ~ condition
            ) -%}
            {%- for row in found -%}
                {%- do dropped.append("partition (" ~ column ~ " = date '" ~ row[0] ~ "')") -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if dropped -%}
            alter table {{ this }} drop if exists {{ dropped | join(', ') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
