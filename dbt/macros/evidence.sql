{#- SQL of the evidence of an indicator: a JSON object as text, in the order of `facts`, a list of
    [key, expression, kind]. kind: number (a whole number or a decimal), text, or json (a text that is
    JSON already). A fact that is null is left out. What each key means stands in the seed
    risk_evidence; a key that it does not name fails a test. -#}
{% macro evidence(facts) -%}
    '{' || concat_ws(
        ',',
        {%- for key, expression, kind in facts %}
        {{ evidence_fact(key, expression, kind) }}{{ ',' if not loop.last }}
        {%- endfor %}
    ) || '}'
{%- endmacro %}

{% macro evidence_fact(key, expression, kind) -%}
    {%- if kind == 'number' -%}
    '"{{ key }}":' || cast({{ expression }} as string)
    {%- elif kind == 'json' -%}
    '"{{ key }}":' || {{ expression }}
    {%- elif kind == 'text' -%}
    '"{{ key }}":' || {{ json_text(expression) }}
    {%- else -%}
    {{ exceptions.raise_compiler_error('evidence is number, text or json, not ' ~ kind) }}
    {%- endif -%}
{%- endmacro %}

{#- SQL of a JSON string. chr(92) is the backslash: engines read one in a literal differently. -#}
{% macro json_text(expression) -%}
    '"' || replace(replace({{ expression }}, chr(92), chr(92) || chr(92)), '"', chr(92) || '"') || '"'
{%- endmacro %}
