-- A word in a text is a pointer, not a finding: the term names the risk type and the law behind it.
with terms_in_force as (

    select
        parameters.day,
        terms.term_folded,
        terms.risk_type,
        terms.legal_instrument_id
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('watch_terms') }} as terms
        on parameters.day >= terms.valid_from
        and (terms.valid_to is null or parameters.day <= terms.valid_to)

),

by_description as (

    select
        terms_in_force.day,
        matches.item_description_folded,
        terms_in_force.risk_type,
        min(terms_in_force.legal_instrument_id) as legal_instrument_id,
        {{ evidence([
            ['terms', "'[' || " ~ join_sorted(json_text('terms_in_force.term_folded'), ',') ~ " || ']'", 'json'],
        ]) }} as evidence
    from {{ ref('int_risk__description_terms') }} as matches
    inner join terms_in_force
        on matches.term_folded = terms_in_force.term_folded
    group by
        terms_in_force.day,
        matches.item_description_folded,
        terms_in_force.risk_type

),

-- the first item that carries a term speaks for its consignment
carrying as (

    select
        items.consignment_id,
        items.day,
        by_description.evidence,
        by_description.risk_type,
        by_description.legal_instrument_id,
        row_number() over (
            partition by items.consignment_id, items.day, by_description.risk_type
            order by items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join by_description
        on items.day = by_description.day
        and items.item_description_folded = by_description.item_description_folded
    where items.is_home_import

)

select
    consignment_id,
    day,
    'prohibited_goods_term' as indicator_id,
    evidence,
    risk_type,
    legal_instrument_id
from carrying
where item_rank = 1
