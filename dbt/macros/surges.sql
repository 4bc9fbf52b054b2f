{#- What the early warning of import surges reckons with (docs/impact-guide.md). Keep out: the heights
    of its gates (seeds/rules/rule_parameters.csv). -#}

{#- Select of one row per group: count_of_rows, and twice the median of a whole number, which is whole
    where the median of an even count is not. -#}
{% macro twice_the_median(relation, group_columns, value_column, median_name) -%}
    select
        {{ group_columns | join(', ') }},
        max(count_of_rows) as count_of_rows,
        sum(
            case when place = floor((count_of_rows + 1) / 2.0) then {{ value_column }} else 0 end
            + case when place = floor((count_of_rows + 2) / 2.0) then {{ value_column }} else 0 end
        ) as {{ median_name }}
    from (
        select
            {{ group_columns | join(', ') }},
            {{ value_column }},
            count(*) over (partition by {{ group_columns | join(', ') }}) as count_of_rows,
            row_number() over (
                partition by {{ group_columns | join(', ') }}
                order by {{ value_column }} asc nulls last
            ) as place
        from {{ relation }}
        where {{ value_column }} is not null
    ) as placed
    group by {{ group_columns | join(', ') }}
{%- endmacro %}

{#- One-sided probability of a normal deviate, in whole billionths: Abramowitz and Stegun 26.2.17, wrong
    by less than 75 of them. -#}
{% macro normal_tail_nano(deviate) -%}
{%- set t = '(1 / (1 + 0.2316419 * abs(' ~ deviate ~ ')))' -%}
    try_cast(floor(1e9 * abs(
        case when {{ deviate }} < 0 then 1 else 0 end
        - exp(-{{ deviate }} * {{ deviate }} / 2) / 2.5066282746310002
        * {{ t }} * (0.319381530 + {{ t }} * (-0.356563782 + {{ t }} * (1.781477937
        + {{ t }} * (-1.821255978 + {{ t }} * 1.330274429))))
    ) + 0.5) as bigint)
{%- endmacro %}
