{#- Grades of evidence as letters in their order, so that max() is the weakest of several: V2 verified
    twice, V1 once, S secondary, U nobody; SYN (invented) is the weakest. -#}
{% macro grade_letter(grade) -%}
    case {{ grade }} when 'V2' then 'a' when 'V1' then 'b' when 'S' then 'c' when 'SYN' then 'e' else 'd' end
{%- endmacro %}

{% macro grade_of_letter(letter) -%}
    case {{ letter }} when 'a' then 'V2' when 'b' then 'V1' when 'c' then 'S' when 'd' then 'U' when 'e' then 'SYN' end
{%- endmacro %}

{#- Why a share with this figure as its denominator is null; null where there is a figure to use.
    `figure`: a left-joined row of int_market__figures. -#}
{% macro figure_missing(figure) -%}
    case
        when {{ figure }}.series_id is null then 'series_missing'
        when not {{ figure }}.is_out then 'not_yet_published'
        when {{ figure }}.unit_code <> 'VND' then 'unit_not_vnd'
        when {{ figure }}.value = 0 then 'denominator_zero'
    end
{%- endmacro %}
