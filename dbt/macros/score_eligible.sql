{#- Whether points let a consignment into a queue: expert points have a floor of their own, those of a
    model count from its base. -#}
{% macro score_eligible(scores, parameters) -%}
    case
        when {{ scores }}.model_version is null
            then {{ scores }}.score_points >= {{ parameters }}.selection_minimum_score
        else {{ scores }}.score_points - {{ scores }}.intercept_points
            >= {{ parameters }}.selection_minimum_lift
    end
{%- endmacro %}

{#- The columns of a cell of like consignments. -#}
{% macro comparison_cell() -%}
    {{ return(['hs_chapter', 'origin_country_code', 'score_band']) }}
{%- endmacro %}
