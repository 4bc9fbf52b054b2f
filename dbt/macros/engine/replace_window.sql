{#- Pre-hooks of window-incremental models: they empty the run's days (or the months the days lie
    in) first, so that a day which became empty loses its rows too. On DuckDB they run in the
    transaction of the insert that follows. On Spark, which has no transaction here, whole
    partitions go; a run that dies in between is repaired by the next run of the same days. -#}
{% macro replace_window() -%}
    {% if is_incremental() %}{{ delete_periods('day', in_window('day')) }}{% endif %}
{%- endmacro %}

{% macro replace_window_months() -%}
    {% if is_incremental() %}{{ delete_periods('month', in_window('month')) }}{% endif %}
{%- endmacro %}

{#- Pre-hook of day-incremental models that keep a window only: forgets the days before the
    smallest `day_column` of `model_name`. -#}
{% macro drop_days_before(model_name, day_column) -%}
    {% if is_incremental() %}
        {{ delete_periods(
            'day', 'day < (select min(' ~ day_column ~ ') from ' ~ ref(model_name) ~ ')'
        ) }}
    {% endif %}
{%- endmacro %}
