{#- SQL of what a check brings on average, whole VND rounded down: a probability in millionths x the
    value of a finding. In two halves, so that no product leaves 64 bits; scoring/calibration.py says
    the same. -#}
{% macro expected_value(probability_micro, value_vnd) -%}
    cast(floor({{ from_fixed_point('cast(' ~ value_vnd ~ ' as double)') }}) as bigint)
        * {{ probability_micro }}
    + cast(floor({{ from_fixed_point(
        'cast((' ~ value_vnd ~ ' % 1000000) * ' ~ probability_micro ~ ' as double)'
    ) }}) as bigint)
{%- endmacro %}
