{#- Select of one row, the days that the queue of selected consignments holds: the newest day that has
    selections and the retention in force then. Not the run's window: in whatever order days are
    computed, the queue of the last one is the same. Without a retention in force nothing is
    forgotten: first_day is null. -#}
{% macro queue_period() -%}
select
    newest.newest_day,
    {{ add_days('newest.newest_day', '-cast(parameters.value as integer)') }} as first_day
from (select max(day) as newest_day from {{ ref('fct_selections') }}) as newest
left join {{ ref('risk_parameters') }} as parameters
    on parameters.parameter_id = 'RISK_QUEUE_RETENTION_DAYS'
    and newest.newest_day >= parameters.valid_from
    and (parameters.valid_to is null or newest.newest_day <= parameters.valid_to)
{%- endmacro %}
