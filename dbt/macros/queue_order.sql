{#- SQL of the order in which a risk type fills its slots: by points, a unit of several consignments
    where its riskiest stands, ties in an order that nobody can choose. -#}
{% macro queue_order(rows) -%}
    {{ rows }}.unit_points desc nulls last,
    md5({{ rows }}.unit_id) asc nulls last,
    {{ rows }}.unit_id asc nulls last,
    {{ rows }}.score_points desc nulls last,
    md5({{ rows }}.consignment_id) asc nulls last,
    {{ rows }}.consignment_id asc nulls last
{%- endmacro %}
