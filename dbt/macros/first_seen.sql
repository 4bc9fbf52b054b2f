{#- Sixteenths of `count` that `most` makes up; null where either is missing or nobody is counted. -#}
{% macro sixteenths(most, count) -%}
    16 * cast({{ most }} as double) / cast(nullif({{ count }}, 0) as double)
{%- endmacro %}

{#- Millionths, rounded down to a whole percent. -#}
{% macro whole_percent(micro) -%}
    ({{ micro }}) - mod({{ micro }}, 10000)
{%- endmacro %}

{#- Select of the first-seen shares of master bills on the days in `parameters` (day,
    first_seen_history_from, least_days, least_consignees, deviations, least_excess_micro). Who was
    seen: any receipt in the look-back, strictly before the day, under any bill. A bill is compared
    with the other bills of its channel on its day: one-sided test of a share, in integers
    (share - p)^2 * n >= z^2 * p * (1 - p), and an excess that matters. p is in whole percent, and only
    bills beyond it are told: a late record seldom changes a later day. -#}
{% macro first_seen(parameters) -%}
with memory as (

    select
        parameters.day,
        parameters.first_seen_history_from,
        parameters.least_days,
        parameters.least_consignees,
        parameters.deviations,
        parameters.least_excess_micro,
        min(days.last_slice) as last_slice,
        cast(count(distinct days.day) - 1 as bigint) as earlier_days
    from {{ parameters }} as parameters
    inner join (
        select distinct day, last_slice
        from {{ ref('int_risk__consignee_days') }}
    ) as days
        on parameters.day >= days.day
        and parameters.first_seen_history_from <= days.day
    group by
        parameters.day,
        parameters.first_seen_history_from,
        parameters.least_days,
        parameters.least_consignees,
        parameters.deviations,
        parameters.least_excess_micro

),

-- those that every day of the look-back remembers
received as (

    select
        days.day,
        days.consignee_party_id,
        days.master_waybill_number,
        days.channel,
        memory.first_seen_history_from
    from memory
    inner join {{ ref('int_risk__consignee_days') }} as days
        on memory.day = days.day
    where
        memory.earlier_days >= memory.least_days
        and days.master_waybill_number is not null
        and substr(days.consignee_party_id, 1, 1) <= memory.last_slice

),

seen as (

    select
        received.day,
        received.consignee_party_id
    from received
    inner join {{ ref('int_risk__consignee_days') }} as before
        on received.consignee_party_id = before.consignee_party_id
        and received.day > before.day
        and received.first_seen_history_from <= before.day
    group by
        received.day,
        received.consignee_party_id

),

bills as (

    select
        received.day,
        received.master_waybill_number,
        received.channel,
        count(*) as consignees,
        cast(sum(case when seen.consignee_party_id is null then 1 else 0 end) as bigint)
            as consignees_first_seen
    from received
    left join seen
        on received.day = seen.day
        and received.consignee_party_id = seen.consignee_party_id
    group by
        received.day,
        received.master_waybill_number,
        received.channel

),

compared as (

    select
        bills.*,
        cast(sum(consignees) over (partition by day, channel) as bigint) - consignees
            as other_consignees,
        cast(sum(consignees_first_seen) over (partition by day, channel) as bigint)
        - consignees_first_seen as other_first_seen
    from bills

),

shares as (

    select
        compared.day,
        compared.master_waybill_number,
        compared.channel,
        compared.consignees,
        compared.consignees_first_seen,
        compared.other_consignees,
        memory.earlier_days,
        memory.last_slice,
        memory.deviations,
        memory.least_excess_micro,
        {{ share_in_millionths('compared.consignees_first_seen', 'compared.consignees') }}
            as share_micro,
        {{ whole_percent(share_in_millionths('compared.other_first_seen', 'compared.other_consignees')) }}
            as other_share_micro
    from compared
    inner join memory
        on compared.day = memory.day
    where
        compared.consignees >= memory.least_consignees
        and compared.other_consignees >= memory.least_consignees

)

select
    day,
    master_waybill_number,
    channel,
    consignees,
    consignees_first_seen,
    share_micro,
    other_consignees,
    other_share_micro,
    earlier_days,
    last_slice = '~' as is_every_consignee
from shares
where
    share_micro - other_share_micro >= least_excess_micro
    and (share_micro - other_share_micro) * (share_micro - other_share_micro) * consignees
    >= deviations * deviations * other_share_micro * (1000000 - other_share_micro)
{%- endmacro %}
