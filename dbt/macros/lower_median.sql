{#- Per group the smallest value at which at least half of the weight is reached, and the weight.
    `relation` has one row per group and value; weights are positive integers. -#}
{% macro lower_median(relation, group_columns, value_column, weight_column, median_name) -%}
    select
        {{ group_columns | join(', ') }},
        max(weight_sum) as weight_sum,
        min(case when weight_reached + weight_reached >= weight_sum then {{ value_column }} end)
            as {{ median_name }}
    from (
        select
            {{ group_columns | join(', ') }},
            {{ value_column }},
            cast(sum({{ weight_column }}) over (
                partition by {{ group_columns | join(', ') }}
            ) as bigint) as weight_sum,
            cast(sum({{ weight_column }}) over (
                partition by {{ group_columns | join(', ') }}
                order by {{ value_column }} nulls last
                rows between unbounded preceding and current row
            ) as bigint) as weight_reached
        from {{ relation }}
    ) as running
    group by {{ group_columns | join(', ') }}
{%- endmacro %}
