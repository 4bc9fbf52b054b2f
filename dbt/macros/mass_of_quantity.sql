{#- The mass in kg that a quantity states, decimal(18, 4), half up; null where its unit is none of mass, and
    (not an error) where it is larger than any mass of the contract. -#}
{% macro mass_of_quantity(quantity, kg_per_unit) -%}
    try_cast(
        floor(cast({{ quantity }} as double) * cast({{ kg_per_unit }} as double) * 1e4 + 0.5) / 1e4
        as decimal(18, 4)
    )
{%- endmacro %}
