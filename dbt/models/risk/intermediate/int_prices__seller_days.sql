{{ config(materialized='day_window') }}
-- How the prices of a busy sender end on a day, and the price it states most often: mergeable over
-- days, a row for each sender and channel above a daily minimum. As stated, in their own currency: a
-- conversion would spoil the digits. Lines of a declaration are left out: invoices are another trade.
with subjects as (

    select
        subjects.day,
        subjects.consignor_party_id,
        subjects.channel,
        subjects.currency_code,
        subjects.declared_value,
        parameters.state_consignments
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join (
        {{ parameters_by_day({'state_consignments': ['PRICE_PREFERENCE_STATE', 'bigint']}) }}
    ) as parameters
        on subjects.day = parameters.day
    where
        subjects.consignment_kind <> 'declaration_line'
        and subjects.consignor_party_id is not null
        and subjects.currency_code is not null
        and subjects.declared_value > 0

),

-- on few columns first: most senders are small
busy as (

    select
        day,
        consignor_party_id,
        channel
    from subjects
    group by
        day,
        consignor_party_id,
        channel
    having count(*) >= max(state_consignments)

),

prices as (

    select
        subjects.day,
        subjects.consignor_party_id,
        subjects.channel,
        subjects.currency_code,
        subjects.declared_value,
        {{ price_ending('subjects.declared_value') }} as price_ending,
        count(*) as consignments
    from subjects
    inner join busy
        on subjects.day = busy.day
        and subjects.consignor_party_id = busy.consignor_party_id
        and subjects.channel = busy.channel
    group by
        subjects.day,
        subjects.consignor_party_id,
        subjects.channel,
        subjects.currency_code,
        subjects.declared_value

),

counted as (

    select
        day,
        consignor_party_id,
        channel,
        cast(sum(consignments) as bigint) as consignments,
        {% for ending in price_endings() %}
        cast(sum(case when price_ending = '{{ ending }}' then consignments else 0 end) as bigint)
            as ending_{{ ending }},
        {% endfor %}
        -- the most frequent, of equals the last in the alphabet: one text that carries its count
        max(
            lpad(cast(consignments as string), 12, '0') || currency_code || ' '
            || cast(declared_value as string)
        ) as most_frequent
    from prices
    group by
        day,
        consignor_party_id,
        channel

)

select
    day,
    consignor_party_id as seller_key,
    channel,
    consignments,
    {% for ending in price_endings() %}
    ending_{{ ending }},
    {% endfor %}
    substr(most_frequent, 13) as repeated_price,
    cast(substr(most_frequent, 1, 12) as bigint) as repeated_consignments
from counted
