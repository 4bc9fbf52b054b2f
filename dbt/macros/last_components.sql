{#- Select of the component of each of `parties` (relation with party_id) that has one, as it was told
    last, with the day of that. -#}
{% macro last_components(parties) -%}
select
    ranked.party_id,
    ranked.component_id,
    ranked.day
from (
    select
        components.party_id,
        components.component_id,
        components.day,
        row_number() over (
            partition by components.party_id
            order by components.day desc nulls last
        ) as reverse_rank
    from {{ ref('int_parties__components') }} as components
    inner join {{ parties }} as parties
        on components.party_id = parties.party_id
) as ranked
where ranked.reverse_rank = 1
{%- endmacro %}
