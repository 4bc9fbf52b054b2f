-- What inspections within the look-back of the last day held found of each consignee and of everything,
-- and how many other inspections weigh as much as one's own: what owners are told from.
with ends as (

    {{ last_day_held() }}

),

looked_back as (

    select
        day as last_day,
        {{ add_days('day', '-lookback_days') }} as first_day,
        shrinkage
    from (
        {{ parameters_by_day({
            'lookback_days': ['PROFILE_LOOKBACK_DAYS', 'integer'],
            'shrinkage': ['PROFILE_SHRINKAGE_FINEST', 'double']
        }, days='ends') }}
    ) as parameters

)

select
    looked_back.last_day,
    looked_back.shrinkage,
    results.profile_id,
    results.cell_key,
    case results.outcome when 'finding' then 'any' else results.outcome end as outcome,
    cast(sum(results.case_count) as bigint) as case_count
from {{ ref('int_risk__profile_days') }} as results
inner join looked_back
    on results.day > looked_back.first_day
    and results.day <= looked_back.last_day
where results.profile_id in ('all', 'consignee')
group by
    looked_back.last_day,
    looked_back.shrinkage,
    results.profile_id,
    results.cell_key,
    results.outcome
