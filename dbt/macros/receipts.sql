{#- Common table expressions about where rows come from: `deliveries`, the place of each accepted file
    in the order of receipt, and `precedences` of senders for one source. -#}
{% macro receipts(source_name) -%}
deliveries as (

    select
        source_sha256,
        min(delivery_sequence) as delivery_sequence
    from {{ ref('stg_ingest__delivery_outcomes') }}
    where status = 'accepted'
    group by source_sha256

),

precedences as (

    select
        sender,
        precedence,
        valid_from,
        valid_to
    from {{ ref('sender_precedence') }}
    where source_name = '{{ source_name }}'

)
{%- endmacro %}
