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
