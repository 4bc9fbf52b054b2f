-- A pointer, never decisive: the consignment states the price, or the ending, that its sender states
-- far more often than the other senders of its channel did on earlier days (fct_price_preference).
with preferences as (

    select
        day,
        seller_key,
        channel,
        consignments,
        sellers_compared,
        max(case when preference_kind = 'repeated_price' then preferred_value end) as repeated_price,
        max(case when preference_kind = 'repeated_price' then share_micro end) as price_share_micro,
        max(case when preference_kind = 'repeated_price' then peer_median_micro end)
            as price_peer_micro,
        max(case when preference_kind = 'ending' then preferred_value end) as ending,
        max(case when preference_kind = 'ending' then share_micro end) as ending_share_micro,
        max(case when preference_kind = 'ending' then peer_median_micro end) as ending_peer_micro
    from {{ ref('fct_price_preference') }}
    group by
        day,
        seller_key,
        channel,
        consignments,
        sellers_compared

),

stated as (

    select
        subjects.consignment_id,
        subjects.day,
        preferences.consignments,
        preferences.sellers_compared,
        preferences.repeated_price,
        preferences.price_share_micro,
        preferences.price_peer_micro,
        preferences.ending,
        preferences.ending_share_micro,
        preferences.ending_peer_micro,
        coalesce(
            subjects.currency_code || ' ' || cast(subjects.declared_value as string)
            = preferences.repeated_price, false
        ) as is_repeated,
        coalesce({{ price_ending('subjects.declared_value') }} = preferences.ending, false)
            as ends_so
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join preferences
        on subjects.day = preferences.day
        and subjects.consignor_party_id = preferences.seller_key
        and subjects.channel = preferences.channel
    where
        subjects.consignment_kind <> 'declaration_line'
        and subjects.declared_value > 0

),

-- one price speaks before an ending, which it has as well
told as (

    select
        consignment_id,
        day,
        consignments,
        sellers_compared,
        case when is_repeated then repeated_price else ending end as preferred_value,
        case when is_repeated then 'repeated_price' else 'ending' end as preference_kind,
        case when is_repeated then price_share_micro else ending_share_micro end as share_micro,
        case when is_repeated then price_peer_micro else ending_peer_micro end as peer_share_micro
    from stated
    where is_repeated or ends_so

)

select
    consignment_id,
    day,
    'price_preference' as indicator_id,
    {{ evidence([
        ['preference', 'preference_kind', 'text'],
        ['preferred_value', 'preferred_value', 'text'],
        ['seller_share_micro', 'share_micro', 'number'],
        ['seller_consignments', 'consignments', 'number'],
        ['peer_share_micro', 'peer_share_micro', 'number'],
        ['sellers', 'sellers_compared', 'number'],
    ]) }} as evidence
from told
