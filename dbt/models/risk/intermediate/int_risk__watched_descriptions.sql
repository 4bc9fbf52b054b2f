{{ config(materialized='whole_table') }}
-- By the lists of each day: the terms that a name of goods holds, which of them are written openly and
-- which are silenced by the words next to them. A reach ends at a dated list of words and signs (what
-- joins two goods, as in 'iPhone and case', ends it unless both are watched: 'iPhone and AirPods case'); the
-- two that follow a silenced term of their group in a list (for iPhone, Samsung, AirPods) are silenced
-- like it.
{% set place -%}
contexts.day, contexts.text_id, contexts.risk_type, contexts.reach, contexts.first_place, contexts.last_place,
        contexts.within_words
{%- endset %}
with terms as (

    select
        parameters.day,
        matches.text_id,
        matches.item_description_folded,
        matches.term_folded,
        matches.first_place,
        matches.last_place,
        matches.is_open,
        watched.risk_type,
        watched.legal_instrument_id,
        coalesce(watched.goods_group, '') as goods_group
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('watch_terms') }} as watched
        on parameters.day >= watched.valid_from
        and (watched.valid_to is null or parameters.day <= watched.valid_to)
    inner join {{ ref('int_risk__description_terms') }} as matches
        on watched.term_folded = matches.term_folded
    where
        watched.spelling_rule = 'any'
        or watched.spelling_rule = case when matches.is_open = 1 then 'as_written' else 'in_disguise' end

),

contexts as (

    select
        parameters.day,
        places.text_id,
        places.first_place,
        places.last_place,
        listed.reach,
        listed.within_words,
        listed.risk_type,
        coalesce(listed.goods_group, '') as goods_group
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('watch_term_contexts') }} as listed
        on parameters.day >= listed.valid_from
        and (listed.valid_to is null or parameters.day <= listed.valid_to)
    inner join {{ ref('int_risk__description_contexts') }} as places
        on listed.context_folded = places.context_folded
    where places.is_open = 1 or listed.reach <> 'itself'

),

-- what is open hides nothing: a disguise that is part of an open term is none
plain as (

    select
        terms.day,
        terms.text_id,
        terms.item_description_folded,
        terms.term_folded,
        terms.first_place,
        terms.last_place,
        terms.is_open,
        terms.risk_type,
        terms.legal_instrument_id,
        terms.goods_group
    from terms
    left join terms as open_terms
        on terms.day = open_terms.day
        and terms.text_id = open_terms.text_id
        and terms.risk_type = open_terms.risk_type
        and terms.is_open = 0
        and open_terms.is_open = 1
        and terms.first_place <= open_terms.last_place
        and terms.last_place >= open_terms.first_place
    where open_terms.text_id is null

),

-- where a reach ends; next_term: the term behind it, of which a word that joins makes a list
ends as (

    select
        {{ place }},
        min(plain.first_place) as next_term
    from contexts
    left join plain
        on contexts.day = plain.day
        and contexts.text_id = plain.text_id
        and contexts.risk_type = plain.risk_type
        and contexts.last_place < plain.first_place
    where contexts.reach in ('ends', 'ends_before', 'ends_after', 'joins')
    group by
        {{ place }}

),

next_to_contexts as (

    select distinct
        plain.day,
        plain.text_id,
        plain.risk_type,
        plain.goods_group,
        plain.term_folded,
        plain.first_place,
        plain.last_place
    from plain
    inner join contexts
        on plain.day = contexts.day
        and plain.text_id = contexts.text_id
        and plain.risk_type = contexts.risk_type
        and contexts.goods_group in ('', plain.goods_group)
        and (
            (
                contexts.reach = 'before' and plain.first_place > contexts.last_place
                and plain.first_place - contexts.last_place <= contexts.within_words
            )
            or (
                contexts.reach = 'after' and plain.last_place < contexts.first_place
                and contexts.first_place - plain.last_place <= contexts.within_words
            )
            or (
                contexts.reach = 'itself' and plain.first_place = contexts.first_place
                and plain.last_place = contexts.last_place
            )
        )
    left join ends
        on plain.day = ends.day
        and plain.text_id = ends.text_id
        and plain.risk_type = ends.risk_type
        and (
            (
                contexts.reach = 'before'
                and contexts.last_place < ends.first_place and plain.first_place > ends.first_place
                and (
                    ends.reach in ('ends', 'ends_before')
                    or (ends.reach = 'joins' and plain.first_place <= ends.last_place + ends.within_words)
                )
            )
            or (
                contexts.reach = 'after'
                and plain.last_place < ends.first_place and contexts.first_place > ends.first_place
                and (
                    ends.reach in ('ends', 'ends_after')
                    or (ends.reach = 'joins' and coalesce(contexts.first_place < ends.next_term, true))
                )
            )
        )
    where ends.text_id is null

),

second_in_lists as (

    {{ next_in_lists('next_to_contexts') }}

),

third_in_lists as (

    {{ next_in_lists('second_in_lists') }}

),

silenced as (

    select day, text_id, risk_type, term_folded, first_place from next_to_contexts
    union
    select day, text_id, risk_type, term_folded, first_place from second_in_lists
    union
    select day, text_id, risk_type, term_folded, first_place from third_in_lists

)

select
    plain.day,
    plain.item_description_folded,
    plain.risk_type,
    plain.term_folded,
    min(plain.legal_instrument_id) as legal_instrument_id,
    max(case when silenced.text_id is null then plain.is_open end) as is_open,
    max(case when silenced.text_id is null then 1 else 0 end) as is_heard
from plain
left join silenced
    on plain.day = silenced.day
    and plain.text_id = silenced.text_id
    and plain.risk_type = silenced.risk_type
    and plain.term_folded = silenced.term_folded
    and plain.first_place = silenced.first_place
group by
    plain.day,
    plain.item_description_folded,
    plain.risk_type,
    plain.term_folded
