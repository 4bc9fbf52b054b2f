{#- Pre-hooks of window-incremental models: they empty the run's days (or the months the days lie
    in) first, so that a day which became empty loses its rows too. They run in the transaction of
    the insert that follows. -#}
{% macro replace_window() -%}
    {% if is_incremental() %}
        delete from {{ this }} where {{ in_window('day') }}
    {% endif %}
{%- endmacro %}

{% macro replace_window_months() -%}
    {% if is_incremental() %}
        delete from {{ this }} where {{ in_window('month') }}
    {% endif %}
{%- endmacro %}
