-- How far the weighted margin of each member would move if other products had been imported: every
-- replicate draws each product as often as a Poisson number of mean 1 says, made of the product's name
-- alone, so that a run, an engine or another order of rows draws the same.
{% set tail = bootstrap_tail_thousandths() %}
{% set thousandths = 1000 %}
with blocks as (

    {% for block in bootstrap_blocks() -%}
    select '{{ block }}' as block
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

hashed as (

    select
        compared.month,
        compared.match_basis,
        compared.hs_heading,
        compared.gap_vnd,
        compared.domestic_value_vnd,
        blocks.block,
        md5(compared.hs_heading || '|' || compared.product_id || '|' || blocks.block) as hash
    from {{ ref('int_undercutting__compared') }} as compared
    cross join blocks
    where compared.is_compared

),

drawn as (

    select
        month,
        match_basis,
        hs_heading,
        block,
        {% for chunk in bootstrap_chunks() %}
        cast(sum(({{ poisson_weight('hash', chunk) }}) * gap_vnd) as decimal(38, 2))
            as gap_{{ chunk }}_vnd,
        cast(sum(({{ poisson_weight('hash', chunk) }}) * domestic_value_vnd) as decimal(38, 2))
            as domestic_value_{{ chunk }}_vnd{{ ',' if not loop.last }}
        {% endfor %}
    from hashed
    group by month, match_basis, hs_heading, block

),

replicates as (

    {% for chunk in bootstrap_chunks() -%}
    select
        month,
        match_basis,
        hs_heading,
        block,
        {{ chunk }} as chunk,
        gap_{{ chunk }}_vnd as gap_vnd,
        domestic_value_{{ chunk }}_vnd as domestic_value_vnd
    from drawn
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

members as (

    {% for dimension, member in goods_levels().items() -%}
    select
        month,
        match_basis,
        '{{ dimension }}' as dimension,
        {{ member }} as member_code,
        block,
        chunk,
        {{ percent_in_full('sum(gap_vnd)', 'sum(domestic_value_vnd)') }} as margin_percent
    from replicates
    group by month, match_basis{{ ', ' ~ member if dimension != 'total' }}, block, chunk
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- a replicate that drew none of a member's products tells nothing of it
ranked as (

    select
        members.*,
        row_number() over (
            partition by month, match_basis, dimension, member_code
            order by margin_percent asc nulls last, block asc nulls last, chunk asc nulls last
        ) as place,
        count(*) over (partition by month, match_basis, dimension, member_code) as replicates
    from members
    where margin_percent is not null

)

select
    month,
    match_basis,
    dimension,
    member_code,
    cast(max(replicates) as bigint) as replicates,
    max(case when place = ceil(replicates * {{ tail }} / {{ thousandths }}e0) then margin_percent end)
        as margin_low_percent,
    max(
        case
            when place = ceil(replicates * {{ thousandths - tail }} / {{ thousandths }}e0)
                then margin_percent
        end
    ) as margin_high_percent
from ranked
group by month, match_basis, dimension, member_code
