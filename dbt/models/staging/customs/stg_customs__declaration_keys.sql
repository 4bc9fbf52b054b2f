-- Every version of every declaration line under the number of its declaration: an amendment sent under
-- another number joins its original (macros/resolved_declarations.sql).
with versions as (

    select * from {{ ref('stg_customs__declaration_line_versions') }}

),

{{ resolved_declarations() }}

select * from keyed
