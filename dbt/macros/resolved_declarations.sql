{#- Common table expressions that find the declaration of every version; the last one is `keyed`, the
    rows of `versions` (an earlier expression) under the number of their declaration.
    An amendment sent under another number joins the one original of its sender that carries its
    local reference; two candidates would be a guess, so it then stays on its own. -#}
{% macro resolved_declarations() -%}
originals as (

    select distinct
        sender,
        declaration_number,
        local_reference_number
    from versions
    where record_status = 'original' and not is_partial

),

references_of_originals as (

    select
        sender,
        reference,
        min(declaration_number) as declaration_number
    from (
        select sender, declaration_number, declaration_number as reference from originals
        union
        select sender, declaration_number, local_reference_number as reference
        from originals
        where local_reference_number is not null
    ) as either_reference
    group by sender, reference
    having count(distinct declaration_number) = 1

),

numbered as (

    select distinct sender, declaration_number from originals

),

keyed as (

    select
        versions.line_number,
        versions.version_number,
        versions.record_status,
        versions.is_partial,
        versions.statement_scope,
        versions.header_fields,
        versions.day,
        versions.day_basis,
        versions.sender,
        versions.received_date,
        versions.source_sha256,
        versions.source_line,
        {%- for column in content_columns('customs_declaration') %}
        versions.{{ column }},
        {%- endfor %}
        case
            when versions.record_status = 'original' and not versions.is_partial
                then versions.declaration_number
            when numbered.declaration_number is not null then versions.declaration_number
            else coalesce(references_of_originals.declaration_number, versions.declaration_number)
        end as declaration_number
    from versions
    left join numbered
        on versions.sender = numbered.sender
        and versions.declaration_number = numbered.declaration_number
    left join references_of_originals
        on versions.sender = references_of_originals.sender
        and versions.local_reference_number = references_of_originals.reference

)
{%- endmacro %}
