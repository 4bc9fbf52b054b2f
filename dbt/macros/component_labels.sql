{#- Select of the smallest node that each node of a graph hangs together with. `crossing`: relation
    (day, node_id, neighbour_id), every edge in both directions. A label takes five steps: a chain of six
    nodes, where a day's new links are pairs and small knots. A longer chain stays in parts, each of
    them truly linked, and goes on when its parties are seen together again. More steps cost an engine
    that writes a step's text again at every mention (Spark) more planning than all the rest. -#}
{% macro component_labels(crossing) -%}
{%- set rounds = [1, 2, 3, 4, 5] -%}
with steps as (

    -- each to itself too, so that a label that is smaller already stays
    select distinct
        edges.day,
        edges.node_id,
        case when ways.is_edge = 1 then edges.neighbour_id else edges.node_id end as neighbour_id
    from {{ crossing }} as edges
    cross join (
        select 1 as is_edge
        union all
        select 0 as is_edge
    ) as ways

),

round_0 as (

    select distinct
        day,
        node_id,
        node_id as label
    from {{ crossing }}

),

{% for _ in rounds %}
round_{{ loop.index }} as (

    select
        steps.day,
        steps.node_id,
        min(labelled.label) as label
    from steps
    inner join round_{{ loop.index0 }} as labelled
        on steps.day = labelled.day
        and steps.neighbour_id = labelled.node_id
    group by
        steps.day,
        steps.node_id

){{ "," if not loop.last }}

{% endfor %}
select
    day,
    node_id,
    label
from round_{{ rounds | length }}
{%- endmacro %}
