{{ config(materialized='table') }}

-- Which declaration each version belongs to, and the order of the versions of every line that came
-- more than once (macros/resolved_declarations.sql, macros/version_ranks.sql), together with copies
-- of what a version says about other lines of its declaration (macros/shared_statements.sql): header
-- fields that an amendment changes and cancellations of the whole reach every line, and a line that
-- an amendment adds takes over the header of the original.
with versions as (

    select * from {{ ref('stg_customs__declaration_line_versions') }}

),

{{ resolved_declarations() }},

{{ shared_statements() }},

{{ version_ranks(
    'statements', ['declaration_number', 'line_number'], 'customs_declaration',
    may_be_partial=true, passed=['is_copy']
) }}

select * from version_ranks
