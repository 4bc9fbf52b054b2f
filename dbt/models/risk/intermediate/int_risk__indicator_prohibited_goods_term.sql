-- A word in a text is a pointer, not a finding: the term names the risk type and the law behind it. A
-- term that the name holds in disguise alone says so, and what silenced terms it holds beside.
with watched as (

    select
        day,
        item_description_folded,
        max(is_heard) as is_heard
    from {{ ref('int_risk__watched_descriptions') }}
    group by
        day,
        item_description_folded

),

carrying as (

    select
        items.consignment_id,
        items.day,
        items.item_number,
        coalesce(items.item_description, '') as item_description,
        items.item_description_folded
    from {{ ref('int_risk__items') }} as items
    inner join watched
        on items.day = watched.day
        and items.item_description_folded = watched.item_description_folded
    where
        items.is_home_import
        and watched.is_heard = 1

),

descriptions as (

    select distinct
        day,
        item_description,
        item_description_folded
    from carrying

),

-- the folded name has Latin letters for look-alikes of other scripts: the name as declared has not
terms as (

    select
        descriptions.day,
        descriptions.item_description,
        descriptions.item_description_folded,
        watched.risk_type,
        watched.term_folded,
        watched.legal_instrument_id,
        watched.is_heard,
        case
            when {{ holds_other_scripts('descriptions.item_description') }}
                and not {{ holds_word('descriptions.item_description', 'watched.term_folded') }} then 0
            else watched.is_open
        end as is_open
    from descriptions
    inner join {{ ref('int_risk__watched_descriptions') }} as watched
        on descriptions.day = watched.day
        and descriptions.item_description_folded = watched.item_description_folded

),

by_description as (

    select
        day,
        item_description,
        item_description_folded,
        risk_type,
        min(case when is_heard = 1 then legal_instrument_id end) as legal_instrument_id,
        {{ listed('is_heard = 1', 'term_folded') }} as terms,
        {{ listed('is_heard = 1 and is_open = 0', 'term_folded') }} as disguised_terms,
        {{ listed('is_heard = 0', 'term_folded') }} as silenced_terms,
        case
            when max(case when is_heard = 1 and is_open = 0 then 1 end) = 1
                then {{ as_declared("coalesce(nullif(item_description, ''), item_description_folded)") }}
        end as written
    from terms
    group by
        day,
        item_description,
        item_description_folded,
        risk_type

),

-- the first item that carries a term speaks for its consignment
ranked as (

    select
        carrying.consignment_id,
        carrying.day,
        by_description.risk_type,
        by_description.legal_instrument_id,
        by_description.terms,
        by_description.disguised_terms,
        by_description.silenced_terms,
        by_description.written,
        row_number() over (
            partition by carrying.consignment_id, carrying.day, by_description.risk_type
            order by carrying.item_number nulls last
        ) as item_rank
    from carrying
    inner join by_description
        on carrying.day = by_description.day
        and carrying.item_description = by_description.item_description
        and carrying.item_description_folded = by_description.item_description_folded
    where by_description.terms is not null

)

select
    consignment_id,
    day,
    'prohibited_goods_term' as indicator_id,
    {{ evidence([
        ['terms', 'terms', 'json'],
        ['disguised', 'disguised_terms', 'json'],
        ['written', 'written', 'text'],
        ['silenced', 'silenced_terms', 'json'],
    ]) }} as evidence,
    risk_type,
    legal_instrument_id
from ranked
where item_rank = 1
