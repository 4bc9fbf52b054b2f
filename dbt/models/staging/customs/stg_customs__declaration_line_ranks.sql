-- The delivered rows of every declaration line that came more than once, in their order; copies of
-- statements about other lines (stg_customs__declaration_statement_ranks) are left out.
with delivered as (

    select * from {{ ref('stg_customs__declaration_statement_ranks') }}
    where not is_copy

),

last_ranks as (

    select
        source_sha256,
        source_line,
        line_number,
        max(version_rank) over (partition by declaration_number, line_number) as last_rank,
        max(version_rank) over (
            partition by declaration_number, line_number, sender
        ) as last_rank_of_sender
    from delivered

)

select
    delivered.declaration_number,
    delivered.line_number,
    delivered.source_sha256,
    delivered.source_line,
    delivered.sender,
    delivered.sender_precedence,
    delivered.version_number,
    delivered.record_status,
    delivered.received_date,
    delivered.day,
    delivered.current_day,
    delivered.version_count,
    delivered.version_rank,
    delivered.same_version_key,
    delivered.is_set_aside,
    delivered.is_since_complete,
    delivered.is_waiting,
    coalesce(
        not delivered.is_waiting and delivered.version_rank = last_ranks.last_rank, false
    ) as is_current,
    coalesce(delivered.version_rank = last_ranks.last_rank_of_sender, false) as is_last_of_sender,
    delivered.day_basis,
    {%- for column in content_columns('customs_declaration') %}
    delivered.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from delivered
inner join last_ranks
    on delivered.source_sha256 = last_ranks.source_sha256
    and delivered.source_line = last_ranks.source_line
    and delivered.line_number = last_ranks.line_number
