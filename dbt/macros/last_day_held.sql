{#- Select of one row: the last day of the warehouse, whichever days the run computes, so that what
    is said "as of now" does not depend on the order of runs. Before any consignment: the run's. -#}
{% macro last_day_held() -%}
select coalesce(held.day, computed.day) as day
from (select max(day) as day from {{ ref('fct_consignments') }}) as held
cross join (select max(day) as day from {{ ref('int_calendar__days') }}) as computed
{%- endmacro %}
