{#- Select of one row, the days that splitting is read over: they end on the last day held and are as
    many as the longest window in force then. Not the run's window: in whatever order days are
    computed, the clusters are the same. -#}
{% macro splitting_period() -%}
select
    ends.day as last_day,
    {{ add_days('ends.day', '1 - max(windows.window_days)') }} as first_day
from ({{ last_day_held() }}) as ends
inner join {{ ref('splitting_windows') }} as windows
    on ends.day >= windows.valid_from
    and (windows.valid_to is null or ends.day <= windows.valid_to)
group by ends.day
{%- endmacro %}
