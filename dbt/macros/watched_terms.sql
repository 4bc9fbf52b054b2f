{#- SQL of what the indicator of watched terms reads from a name of goods as declared. -#}

{#- JSON list of a text of the rows of a group that meet a condition, sorted; null where none does. -#}
{% macro listed(condition, text) -%}
    {%- set stated = 'case when ' ~ condition ~ ' then ' ~ json_text(text) ~ ' end' -%}
    '[' || nullif({{ join_sorted(stated, ',') }}, '') || ']'
{%- endmacro %}

{#- Whether a text holds letters of Greek, Cyrillic or full width. -#}
{% macro holds_other_scripts(text) -%}
    {{ rx_replace(text, '[^Ͱ-ϿЀ-ԯ！-～]+', '') }} <> ''
{%- endmacro %}

{#- Whether a word or phrase of plain letters stands in a text as it is. -#}
{% macro holds_word(text, phrase) -%}
    ' ' || {{ rx_replace('lower(' ~ text ~ ')', '[^a-z0-9]+', ' ') }} || ' ' like '% ' || {{ phrase }} || ' %'
{%- endmacro %}

{#- A name as declared, short and safe to stand in a sentence: without the signs of its places and
    parts, and without numbers as long as those of phones. -#}
{% macro as_declared(text) -%}
    substr({{ rx_replace(rx_replace(text, '[{}‹›–“”]+', ' '), '[0-9]{7,}', '…') }}, 1, 100)
{%- endmacro %}

{#- Select of the terms that a word or sign of a list links to a silenced one before them. -#}
{% macro next_in_lists(silenced) -%}
select distinct
    plain.day,
    plain.text_id,
    plain.risk_type,
    plain.goods_group,
    plain.term_folded,
    plain.first_place,
    plain.last_place
from plain
inner join {{ silenced }} as silenced
    on plain.day = silenced.day
    and plain.text_id = silenced.text_id
    and plain.risk_type = silenced.risk_type
    and plain.goods_group = silenced.goods_group
inner join contexts as links
    on plain.day = links.day
    and plain.text_id = links.text_id
    and plain.risk_type = links.risk_type
    and links.goods_group in ('', plain.goods_group)
    and links.reach = 'list'
    and silenced.last_place < links.first_place
    and plain.first_place > links.last_place
    and plain.first_place - silenced.last_place <= links.within_words
left join contexts as ends
    on plain.day = ends.day
    and plain.text_id = ends.text_id
    and plain.risk_type = ends.risk_type
    and ends.reach = 'ends'
    and silenced.last_place < ends.first_place
    and plain.first_place > ends.first_place
where ends.text_id is null
{%- endmacro %}
