-- Every version of every declaration line, together with copies of what a version says about other
-- lines of its declaration (macros/shared_statements.sql): header fields that an amendment changes and
-- cancellations of the whole reach every line, and a line that an amendment adds takes over the header
-- of the original.
with keyed as (

    select * from {{ ref('stg_customs__declaration_keys') }}

),

{{ shared_statements() }}

select * from statements
