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
        {{ join_sorted("'term=' || terms_in_force.term_folded", "; ") }} as evidence
    from {{ ref('int_risk__description_terms') }} as matches
    inner join terms_in_force
        on matches.term_folded = terms_in_force.term_folded
    group by
        terms_in_force.day,
        matches.item_description_folded,
        terms_in_force.risk_type

)

select
    subjects.consignment_id,
    subjects.day,
    'prohibited_goods_term' as indicator_id,
    by_description.evidence,
    by_description.risk_type,
    by_description.legal_instrument_id
from {{ ref('int_risk__subjects') }} as subjects
inner join by_description
    on subjects.day = by_description.day
    and subjects.item_description_folded = by_description.item_description_folded
