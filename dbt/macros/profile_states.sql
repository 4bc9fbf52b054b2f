{#- Select of which days' results these days may know: those of their look-back, strictly before them.
    `days`: relation (day, profile_history_from). -#}
{% macro profile_history(days) -%}
select
    asked.day,
    held.day as history_day
from {{ days }} as asked
inner join (
    select distinct day
    from {{ ref('int_risk__profile_days') }}
) as held
    on asked.day > held.day
    and asked.profile_history_from <= held.day
{%- endmacro %}

{#- Select of what was known of the cells that days ask for. `cells`: relation (day, profile_id,
    cell_key); `history`: relation (day, history_day). -#}
{% macro profile_states(cells, history) -%}
select
    asked.day,
    asked.profile_id,
    asked.cell_key,
    known.outcome,
    cast(sum(known.case_count) as bigint) as case_count
from (
    select distinct
        day,
        profile_id,
        cell_key
    from {{ cells }}
    where cell_key is not null
) as asked
inner join {{ ref('int_risk__profile_days') }} as known
    on asked.profile_id = known.profile_id
    and asked.cell_key = known.cell_key
inner join {{ history }} as history
    on asked.day = history.day
    and known.day = history.history_day
group by
    asked.day,
    asked.profile_id,
    asked.cell_key,
    known.outcome
{%- endmacro %}
