{#- Select of the smallest node that each node of a graph hangs together with, where that is another;
    `crossing`: relation (day, node_id, neighbour_id), an edge in one direction. A label takes eight
    steps, twice that with the last one: a chain of seventeen nodes, more than any seen in a day. A
    longer chain stays in parts, each of them truly linked, and goes on when its parties are seen
    together again. -#}
{% macro component_labels(crossing) -%}
{%- set rounds = [1, 2, 3, 4, 5, 6, 7, 8] -%}
with steps as (

    -- both ways, and each to itself, so that a label that is smaller already stays
    select day, node_id, neighbour_id
    from {{ crossing }}
    union
    select day, neighbour_id as node_id, node_id as neighbour_id
    from {{ crossing }}
    union
    select day, node_id, node_id as neighbour_id
    from {{ crossing }}
    union
    select day, neighbour_id as node_id, neighbour_id
    from {{ crossing }}

),

round_0 as (

    select distinct
        day,
        node_id,
        node_id as label
    from steps

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
-- the label of a label: twice as far for one join
select
    labelled.day,
    labelled.node_id,
    of_label.label
from round_{{ rounds | length }} as labelled
inner join round_{{ rounds | length }} as of_label
    on labelled.day = of_label.day
    and labelled.label = of_label.node_id
where of_label.label <> labelled.node_id
{%- endmacro %}
