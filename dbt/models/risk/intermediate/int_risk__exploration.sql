-- The share of capacity that is drawn at random: the lower bound while the flow is as it was, more
-- the further its most changed feature has moved, the upper bound from major drift on.
with most as (

    select
        day,
        max(psi_milli) as psi_milli
    from {{ ref('fct_feature_drift') }}
    group by day

)

select
    parameters.day,
    case
        when most.psi_milli >= parameters.drift_major_milli
            then greatest(parameters.exploration_share_max, parameters.exploration_share_min)
        when most.psi_milli > parameters.drift_moderate_milli
            then parameters.exploration_share_min + cast(floor(
                cast(
                    greatest(
                        parameters.exploration_share_max - parameters.exploration_share_min, 0
                    ) * (most.psi_milli - parameters.drift_moderate_milli) as double
                )
                / cast(parameters.drift_major_milli - parameters.drift_moderate_milli as double)
            ) as bigint)
        else parameters.exploration_share_min
    end as exploration_share_basis_points
from {{ ref('int_risk__parameters') }} as parameters
left join most
    on parameters.day = most.day
