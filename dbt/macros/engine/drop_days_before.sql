{#- Pre-hook of day_window models that keep a window only: forgets the days before the smallest
    `day_column` of `model_name`. -#}
{% macro drop_days_before(model_name, day_column) -%}
    {% if keeps_other_days() %}
        {{ delete_periods(
            'day', 'day < (select min(' ~ day_column ~ ') from ' ~ ref(model_name) ~ ')'
        ) }}
    {% endif %}
{%- endmacro %}
