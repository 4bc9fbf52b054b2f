{{ config(materialized='day_window') }}
-- Who received on a day and under which master bill: what "never seen before" is judged by. On a day
-- with more consignees than the state holds, only those whose id begins with the first of sixteen
-- digits: the same ones every day, so their history is whole and a share of them is a share of all.
with subjects as (

    select
        day,
        consignee_party_id,
        master_waybill_number,
        channel
    from {{ ref('int_risk__home_subjects') }}
    where
        consignment_kind <> 'declaration_line'
        and consignee_party_id is not null

),

sizes as (

    select
        subjects.day,
        floor({{ sixteenths('parameters.state_consignees', 'count(*)') }}) as slices
    from subjects
    inner join (
        {{ parameters_by_day({'state_consignees': ['FIRST_SEEN_STATE', 'bigint']}) }}
    ) as parameters
        on subjects.day = parameters.day
    group by
        subjects.day,
        parameters.state_consignees

),

-- '~' comes after every digit and letter: nobody is left out
kept as (

    select
        day,
        case
            when slices >= length('0123456789abcdef') then '~'
            else substr('0123456789abcdef', cast(greatest(slices, 1) as int), 1)
        end as last_slice
    from sizes

)

select
    subjects.day,
    subjects.consignee_party_id,
    subjects.master_waybill_number,
    subjects.channel,
    kept.last_slice
from subjects
inner join kept
    on subjects.day = kept.day
where substr(subjects.consignee_party_id, 1, 1) <= kept.last_slice
group by
    subjects.day,
    subjects.consignee_party_id,
    subjects.master_waybill_number,
    subjects.channel,
    kept.last_slice
