{#- SQL of the calibrated probability, in millionths, of a score under its model; null without one. The
    bands of the models in force are read while dbt compiles. -#}
{% macro calibrated_probability(version, score) -%}
    {%- set models = {} -%}
    {%- set bands = calibration_bands() -%}{#- also while dbt parses: it names what is read -#}
    {%- if execute -%}
        {%- for row in run_query(bands) -%}
            {%- do models.setdefault(row[0], []).append({'high': row[1], 'probability': row[2]}) -%}
        {%- endfor -%}
    {%- endif -%}
    cast(
    {%- if not models %} null
    {%- else %} case {{ version }}
    {%- for name, bands in models.items() %}
        when '{{ name }}' then
            {#- equal scores share a band: of one band every score has the probability #}
            {%- if bands | length > 1 %}
            case
                {%- for band in bands[:-1] %}
                when {{ score }} <= {{ band.high }} then {{ band.probability }}
                {%- endfor %}
                else {{ bands[-1].probability }}
            end
            {%- else %} {{ bands[0].probability }}
            {%- endif %}
    {%- endfor %}
    end
    {%- endif %} as bigint)
{%- endmacro %}

{% macro calibration_bands() -%}
select
    bands.model_version,
    bands.high_points,
    bands.probability_micro
from {{ ref('int_risk__model_calibrations') }} as bands
where bands.model_version in (
    select in_force.model_version
    from {{ ref('int_risk__models_in_force') }} as in_force
)
order by bands.model_version nulls last, bands.band_no nulls last
{%- endmacro %}
