{#- Select of the population stability index of every feature before the days in `parameters` (day,
    drift_recent_from, drift_reference_from, drift_minimum_consignments, drift_prior): the last days
    against those before them, from the bins of days that are strictly earlier. Every bin gets the
    prior, so that an empty one has a logarithm. Kept in thousandths: one late parcel must not make
    five weeks of selections stale. -#}
{% macro feature_drift(parameters) -%}
with counted as (

    select
        parameters.day,
        bins.feature,
        bins.bin,
        parameters.drift_minimum_consignments,
        cast(parameters.drift_prior as double) as prior,
        cast(sum(
            case when bins.day >= parameters.drift_recent_from then bins.consignment_count else 0 end
        ) as bigint) as recent_count,
        cast(sum(
            case when bins.day < parameters.drift_recent_from then bins.consignment_count else 0 end
        ) as bigint) as reference_count
    from {{ ref('int_risk__feature_bins') }} as bins
    inner join {{ parameters }} as parameters
        on bins.day < parameters.day
        and bins.day >= parameters.drift_reference_from
    group by
        parameters.day,
        bins.feature,
        bins.bin,
        parameters.drift_minimum_consignments,
        parameters.drift_prior

),

totals as (

    select
        day,
        feature,
        count(*) as bin_count,
        cast(sum(recent_count) as bigint) as recent_total,
        cast(sum(reference_count) as bigint) as reference_total
    from counted
    group by
        day,
        feature

),

shares as (

    select
        counted.day,
        counted.feature,
        (counted.recent_count + counted.prior)
        / (totals.recent_total + totals.bin_count * counted.prior) as recent_share,
        (counted.reference_count + counted.prior)
        / (totals.reference_total + totals.bin_count * counted.prior) as reference_share,
        coalesce(
            totals.recent_total >= counted.drift_minimum_consignments
            and totals.reference_total >= counted.drift_minimum_consignments,
            false
        ) as is_enough
    from counted
    inner join totals
        on counted.day = totals.day
        and counted.feature = totals.feature

),

terms as (

    select
        day,
        feature,
        case
            when is_enough
                then {{ fixed_point('(recent_share - reference_share) * ln(recent_share / reference_share)') }}
        end as term_micro
    from shares

)

select
    day,
    feature,
    {{ thousandths(from_fixed_point('cast(sum(term_micro) as bigint)')) }} as psi_milli
from terms
group by
    day,
    feature
{%- endmacro %}
