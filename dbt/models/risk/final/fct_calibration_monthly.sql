-- Does a model keep what it promised: predicted against found, per band of its scores. Of what was
-- selected and inspected; within a band it does not matter how it was selected, unless officers saw more
-- than the score. Found is a finding of the model's own risk type.
with results as (

    select
        consignment_id,
        consignment_day,
        finding_type,
        max(case when result = 'finding' then 1 else 0 end) as has_finding
    from {{ ref('int_risk__inspected_consignments') }}
    group by
        consignment_id,
        consignment_day,
        finding_type

),

inspected as (

    select distinct
        consignment_id,
        consignment_day
    from results

),

judged as (

    select
        cast(date_trunc('month', scores.day) as date) as month,
        scores.risk_type,
        scores.model_version,
        bands.band_no,
        bands.low_points,
        bands.high_points,
        scores.probability_micro,
        coalesce(results.has_finding, 0) as has_finding
    from {{ ref('int_risk__selected_scores') }} as scores
    inner join inspected
        on scores.day = inspected.consignment_day
        and scores.consignment_id = inspected.consignment_id
    inner join {{ ref('int_risk__model_calibrations') }} as bands
        on scores.model_version = bands.model_version
        and scores.risk_type = bands.risk_type
        and coalesce(scores.score_points > bands.low_points, true)
        and coalesce(scores.score_points <= bands.high_points, true)
    left join results
        on scores.day = results.consignment_day
        and scores.consignment_id = results.consignment_id
        and scores.risk_type = results.finding_type

),

counted as (

    select
        month,
        risk_type,
        model_version,
        band_no,
        max(low_points) as low_points,
        max(high_points) as high_points,
        count(*) as inspected_count,
        cast(sum(has_finding) as bigint) as finding_count,
        cast(sum(probability_micro) as bigint) as predicted_micro
    from judged
    group by
        month,
        risk_type,
        model_version,
        band_no

)

select
    month,
    risk_type,
    model_version,
    band_no,
    low_points,
    high_points,
    inspected_count,
    finding_count,
    {{ percent_from_micro(
        'floor(cast(predicted_micro as double) / cast(inspected_count as double) + 0.5)'
    ) }} as predicted_percent,
    {{ share_in_percent('finding_count', 'inspected_count') }} as found_percent,
    {{ wilson_percent('finding_count', 'inspected_count', 'low') }} as found_low_percent,
    {{ wilson_percent('finding_count', 'inspected_count', 'high') }} as found_high_percent,
    {{ percent_from_micro(
        'floor(cast(predicted_micro as double) / cast(inspected_count as double) + 0.5) - '
        ~ share_in_millionths('finding_count', 'inspected_count')
    ) }} as gap_percent
from counted
