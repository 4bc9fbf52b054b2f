{#- Pre-hooks of window-incremental models: they empty the run's days (or the months the days lie
    in) first, so that a day which became empty loses its rows too. They run in the transaction of
    the insert that follows. -#}
{% macro replace_window() -%}
    {% if is_incremental() %}
        delete from {{ this }}
        where day between (select min(from_day) from {{ source('raw', 'run_window') }})
                      and (select max(to_day) from {{ source('raw', 'run_window') }})
    {% endif %}
{%- endmacro %}

{% macro replace_window_months() -%}
    {% if is_incremental() %}
        delete from {{ this }}
        where month between
            (select cast(date_trunc('month', min(from_day)) as date)
             from {{ source('raw', 'run_window') }})
            and (select max(to_day) from {{ source('raw', 'run_window') }})
    {% endif %}
{%- endmacro %}
