{#- The scorecards that are in force on days of the run, read while dbt compiles: a list of
    {version, risk_type, features: {feature: [bins]}} of the features of `level` (risk_model_features).
    The points become the text of the statement: engines add up integers and join nothing. -#}
{% macro scorecards_in_force(level) -%}
    {%- set models = {} -%}
    {%- set bins = scorecard_bins() -%}{#- also while dbt parses: it names what is read -#}
    {%- if execute -%}
        {%- set found = run_query(bins) -%}
        {%- for row in found -%}
            {%- set model = models.setdefault(
                row[0], {'version': row[0], 'risk_type': row[1], 'features': {}}
            ) -%}
            {%- if row[2] is none -%}
                {%- do exceptions.raise_compiler_error(
                    'the model ' ~ row[0] ~ ' reads ' ~ row[6] ~ ', which no row of the seed'
                    ~ ' risk_model_features names: fit a version of what the warehouse computes'
                ) -%}
            {%- endif -%}
            {%- if row[2] == level -%}
                {%- do model['features'].setdefault(row[6], []).append(
                    {'bin_no': row[3], 'high': row[4], 'points': row[5]}
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(models.values() | list) }}
{%- endmacro %}

{% macro scorecard_bins() -%}
select
    bins.model_version,
    bins.risk_type,
    features.feature_level,
    cast(bins.bin_no as bigint) as bin_no,
    bins.high_milli,
    bins.points,
    bins.feature
from {{ ref('int_risk__model_bins') }} as bins
left join {{ ref('risk_model_features') }} as features
    on bins.feature = features.feature
where
    bins.feature not like 'indicator%'
    and bins.model_version in (
        select in_force.model_version
        from {{ ref('int_risk__models_in_force') }} as in_force
        where in_force.kind = 'scorecard'
    )
order by
    bins.risk_type nulls last,
    bins.model_version nulls last,
    bins.feature nulls last,
    bins.bin_no nulls last
{%- endmacro %}

{#- SQL of the points of one feature. `bins`: in order of bin_no, 0 first: the bin of a missing value.
    A bin holds low < x <= high, so the first upper bound that x does not pass is its own. -#}
{% macro bin_points(column, bins) -%}
    case
        when {{ column }} is null then {{ bins[0].points }}
        {%- for bin in bins[1:-1] %}
        when {{ column }} <= {{ bin.high }} then {{ bin.points }}
        {%- endfor %}
        else {{ bins[-1].points }}
    end
{%- endmacro %}
