-- What still arrives of a platform that was suspended lately: a small flow that shows whether the
-- decision is obeyed, and that a large platform suspended long ago must not drown. A platform with
-- more of the day's parcels than a residue, or suspended before, has its status as the only reason.
with limits as (

    {{ parameters_by_day({
        'most_days': ['RESIDUAL_FLOW_DAYS', 'bigint'],
        'most_share_percent': ['RESIDUAL_FLOW_SHARE', 'bigint']
    }) }}

),

-- One suspension binds on a day: that of the period the day lies in.
suspended as (

    select
        limits.day,
        periods.platform_code,
        {{ days_between('periods.valid_from', 'limits.day') }} as days_since,
        limits.most_days,
        limits.most_share_percent
    from limits
    inner join {{ ref('int_platforms__status') }} as periods
        on limits.day >= periods.valid_from
        and (periods.valid_before is null or limits.day < periods.valid_before)
    where periods.platform_status = 'suspended'

),

flows as (

    select
        day,
        platform_code,
        count(*) as platform_count
    from {{ ref('int_risk__home_subjects') }}
    group by
        day,
        platform_code

),

days as (

    select
        day,
        cast(sum(platform_count) as bigint) as day_count
    from flows
    group by day

),

residual as (

    select
        suspended.day,
        suspended.platform_code,
        suspended.days_since,
        flows.platform_count,
        {{ share_in_millionths('flows.platform_count', 'days.day_count') }} as share_micro
    from suspended
    inner join flows
        on suspended.day = flows.day
        and suspended.platform_code = flows.platform_code
    inner join days
        on suspended.day = days.day
    where
        suspended.days_since <= suspended.most_days
        and flows.platform_count * 100 <= days.day_count * suspended.most_share_percent

)

select
    subjects.consignment_id,
    subjects.day,
    'residual_suspended_flow' as indicator_id,
    {{ evidence([
        ['platform', 'subjects.platform_code', 'text'],
        ['days_since_suspension', 'residual.days_since', 'number'],
        ['consignments', 'residual.platform_count', 'number'],
        ['share_micro', 'residual.share_micro', 'number'],
    ]) }} as evidence
from {{ ref('int_risk__home_subjects') }} as subjects
inner join residual
    on subjects.day = residual.day
    and subjects.platform_code = residual.platform_code
