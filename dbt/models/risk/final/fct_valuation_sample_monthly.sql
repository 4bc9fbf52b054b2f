-- How much the flow is undervalued, from random draws alone. Rate and mean shortfall are Hajek's ratio
-- estimates, sum(w y) / sum(w); the rate's interval is Wilson's at the effective number of draws, the
-- mean's standard error that of a ratio by linearisation, sqrt(sum((w (y - mean))^2)) / sum(w) (Sarndal,
-- Swensson and Wretman 1992). A finding without a value counts for the rate and adds no shortfall.
{% set half_micro = 500000 %}
with known as (

    select
        consignment_id,
        consignment_day,
        cast(date_trunc('month', consignment_day) as date) as month,
        max(is_undervalued) as is_undervalued,
        max(found_value_vnd) as found_value_vnd,
        max(value_vnd) as value_vnd
    from {{ ref('int_risk__random_values') }}
    group by consignment_id, consignment_day

),

weighed as (

    select
        known.month,
        known.is_undervalued,
        draws.weight_milli,
        draws.weight_square_milli,
        case
            when known.is_undervalued = 1 and known.found_value_vnd > known.value_vnd
                then {{ whole_number('known.found_value_vnd - known.value_vnd') }}
            else 0
        end as shortfall_vnd,
        case
            when known.is_undervalued = 1 and known.found_value_vnd > known.value_vnd
                then {{ share_in_millionths('known.value_vnd', 'known.found_value_vnd') }}
        end as declared_share_micro,
        case
            when
                known.is_undervalued = 1
                and (known.found_value_vnd is null or known.value_vnd is null)
                then 1
            else 0
        end as is_without_value
    from known
    inner join {{ ref('int_risk__random_draws') }} as draws
        on known.consignment_day = draws.consignment_day
        and known.consignment_id = draws.consignment_id
    where draws.weight_milli is not null

),

summed as (

    select
        month,
        count(*) as drawn_count,
        sum(is_undervalued) as undervalued_count,
        sum(is_without_value) as without_value_count,
        count(case when declared_share_micro < {{ half_micro }} then 1 end) as below_half_count,
        cast(sum(cast(weight_milli as decimal(28, 0))) as double) as weight_milli,
        cast(sum(cast(weight_milli * is_undervalued as decimal(28, 0))) as double)
            as undervalued_weight_milli,
        cast(sum(cast(weight_square_milli as decimal(28, 0))) as double) as weight_square_milli,
        cast(
            sum(cast(weight_milli as decimal(19, 0)) * cast(shortfall_vnd as decimal(19, 0))) as double
        ) as weighted_shortfall
    from weighed
    group by month

),

means as (

    select
        summed.*,
        weight_milli * weight_milli / (1e3 * weight_square_milli) as effective,
        undervalued_weight_milli * weight_milli / (1e3 * weight_square_milli) as undervalued_effective,
        {{ whole_number('weighted_shortfall / weight_milli') }} as mean_shortfall_vnd
    from summed

),

-- of a million dong each, so that the squares of large weights fit
residuals as (

    select
        weighed.month,
        sum(cast({{ thousandths(
            '(weighed.weight_milli / 1e3 * (weighed.shortfall_vnd - means.mean_shortfall_vnd) / 1e6)'
            ~ ' * (weighed.weight_milli / 1e3 * (weighed.shortfall_vnd - means.mean_shortfall_vnd) / 1e6)'
        ) }} as decimal(28, 0))) as squares_milli
    from weighed
    inner join means on weighed.month = means.month
    group by weighed.month

),

medians as (

    {{ twice_the_median('weighed', ['month'], 'declared_share_micro', 'median_twice_micro') }}

)

select
    means.month,
    means.drawn_count,
    cast(means.undervalued_count as bigint) as undervalued_count,
    cast(means.without_value_count as bigint) as without_value_count,
    means.below_half_count,
    {{ whole_number('means.weight_milli / 1e3') }} as stands_for_count,
    try_cast(floor(means.effective) as bigint) as effective_count,
    {{ share_in_percent('means.undervalued_weight_milli', 'means.weight_milli') }}
        as undervalued_percent,
    {{ wilson_percent('means.undervalued_effective', 'means.effective', 'low') }}
        as undervalued_low_percent,
    {{ wilson_percent('means.undervalued_effective', 'means.effective', 'high') }}
        as undervalued_high_percent,
    cast(floor(medians.median_twice_micro / 2.0) / 1e4 as decimal(7, 4))
        as median_declared_share_percent,
    means.mean_shortfall_vnd,
    {{ whole_number(
        'sqrt(cast(residuals.squares_milli as double) / 1e3) * 1e9 / means.weight_milli'
    ) }} as standard_error_vnd
from means
inner join residuals on means.month = residuals.month
left join medians on means.month = medians.month
