{#- Pre-hook of day_window models that keep a window only: forgets the days before the smallest
    `day_column` of the select `period`. -#}
{% macro drop_days_before(period, day_column) -%}
    {% if keeps_other_days() %}
        {{ delete_periods(
            'day', 'day < (select min(' ~ day_column ~ ') from (' ~ period ~ ') as kept)'
        ) }}
    {% endif %}
{%- endmacro %}
