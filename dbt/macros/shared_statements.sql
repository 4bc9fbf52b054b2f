{#- Common table expressions from `keyed` to `statements`: its rows, and copies (is_copy) of what a
    row says about other lines. Only declarations that someone amends as a whole are touched. -#}
{% macro shared_statements() -%}
-- Amendments that say something about other lines than their own: one row for each different thing.
speaking as (

    select * from (
        select
            keyed.*,
            row_number() over (
                partition by
                    sender, source_sha256, declaration_number, statement_scope = 'declaration',
                    record_status, {{ content_text(['header_fields'] + shared_fields().keys() | list, 'keyed') }}
                order by source_line asc nulls last
            ) as occurrence
        from keyed
        where is_partial and (statement_scope = 'declaration' or header_fields is not null)
    ) as said
    where occurrence = 1

),

added as (

    select distinct declaration_number, line_number
    from keyed
    where statement_scope = 'added_line'

),

touched as (

    select declaration_number from speaking
    union
    select declaration_number from added

),

known_lines as (

    select
        keyed.declaration_number,
        keyed.line_number,
        max(case when not keyed.is_partial then 1 else 0 end) as is_complete
    from keyed
    inner join touched
        on keyed.declaration_number = touched.declaration_number
    where keyed.statement_scope <> 'declaration'
    group by keyed.declaration_number, keyed.line_number

),

-- A statement about the whole declaration is kept at its first known line.
first_lines as (

    select declaration_number, min(line_number) as line_number
    from known_lines
    group by declaration_number

),

originals_of_added as (

    select * from (
        select
            keyed.*,
            row_number() over (
                partition by keyed.declaration_number
                order by
                    coalesce(keyed.version_number, 1) desc, keyed.received_date desc nulls last,
                    keyed.source_sha256 asc nulls last, keyed.source_line asc nulls last
            ) as occurrence
        from keyed
        where not keyed.is_partial and keyed.header_fields is not null
            and keyed.record_status <> 'cancelled'
            and keyed.declaration_number in (select added.declaration_number from added)
    ) as complete
    where occurrence = 1

),

statements as (

    select
        coalesce(first_lines.line_number, keyed.line_number) as line_number,
        keyed.line_number as stated_line_number,
        case when keyed.statement_scope = 'declaration' then 'declaration' else 'line' end
            as statement_kind,
        false as is_copy,
        keyed.record_status,
        keyed.is_partial,
        keyed.declaration_number,
        keyed.version_number,
        keyed.day,
        keyed.day_basis,
        keyed.sender,
        keyed.received_date,
        keyed.source_sha256,
        keyed.source_line,
        {%- for column in content_columns('customs_declaration') %}
        keyed.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from keyed
    left join first_lines
        on keyed.statement_scope = 'declaration'
        and keyed.declaration_number = first_lines.declaration_number

    union all

    select
        known_lines.line_number,
        cast(null as bigint) as stated_line_number,
        case when speaking.statement_scope = 'declaration' then 'declaration' else 'header' end
            as statement_kind,
        true as is_copy,
        case when speaking.statement_scope = 'declaration' then speaking.record_status
            else 'amended' end as record_status,
        true as is_partial,
        {{ copied('speaking') }}
    from speaking
    left join first_lines
        on speaking.statement_scope = 'declaration'
        and speaking.declaration_number = first_lines.declaration_number
    inner join known_lines
        on speaking.declaration_number = known_lines.declaration_number
        and coalesce(first_lines.line_number, speaking.line_number) <> known_lines.line_number

    union all

    select
        added.line_number,
        cast(null as bigint) as stated_line_number,
        'original' as statement_kind,
        true as is_copy,
        'original' as record_status,
        false as is_partial,
        {{ copied('originals_of_added') }}
    from originals_of_added
    inner join added
        on originals_of_added.declaration_number = added.declaration_number
    inner join known_lines
        on added.declaration_number = known_lines.declaration_number
        and added.line_number = known_lines.line_number
        and known_lines.is_complete = 0

)
{%- endmacro %}
