{{ config(materialized='whole_table') }}

-- Words of the names of both sides, of the run's months. A word weighs the more, the fewer names have
-- it: ln((names + 1) / names with it), in millionths. A name's prefix are its rarest words, as many as
-- it takes that the rest alone could not make two names alike: two names that are alike share a word
-- of both prefixes (Bayardo, Ma and Srikant 2007), so nothing else need be compared.
{% set marks = ',.;:/()[]!?+*&-_"' %}
with names as (

    select distinct
        month,
        'import' as side,
        import_name as goods_name
    from {{ ref('int_undercutting__import_months') }}
    where
        import_name is not null
        -- where nothing made here is offered there is nothing to compare
        and month in (select listings.month from {{ ref('int_undercutting__listing_months') }} as listings)

    union all

    select distinct
        month,
        'domestic' as side,
        domestic_name as goods_name
    from {{ ref('int_undercutting__listing_months') }}
    where {{ in_window('month') }}

),

spoken as (

    select
        month,
        side,
        goods_name,
        {{ each_word("translate(goods_name, '" ~ marks ~ "', '" ~ ' ' * (marks | length) ~ "')") }}
            as word
    from names

),

words as (

    select distinct
        month,
        side,
        goods_name,
        word
    from spoken
    where word <> ''

),

counted as (

    select
        month,
        word,
        count(*) as names_with_it
    from words
    group by month, word

),

months as (

    select
        month,
        count(*) as names_of_month
    from names
    group by month

),

weighed as (

    select
        words.month,
        words.side,
        words.goods_name,
        words.word,
        counted.names_with_it,
        {{ fixed_point(
            'ln((months.names_of_month + 1) / cast(counted.names_with_it as double))'
        ) }} as weight_micro
    from words
    inner join counted
        on words.month = counted.month
        and words.word = counted.word
    inner join months
        on words.month = months.month

),

summed as (

    select
        weighed.*,
        sum(weight_micro) over (partition by month, side, goods_name) as name_weight_micro,
        sum(weight_micro) over (
            partition by month, side, goods_name
            order by names_with_it asc nulls last, word asc nulls last
            rows between current row and unbounded following
        ) as weight_from_here_micro
    from weighed

),

-- 20 W is not 65 W, and two pieces are not one: words with a digit must be the same on both sides
numbers as (

    select
        month,
        side,
        goods_name,
        {{ join_sorted('word', ' ') }} as number_words
    from words
    where translate(word, '0123456789', '') <> word
    group by month, side, goods_name

)

select
    summed.month,
    summed.side,
    summed.goods_name,
    summed.word,
    summed.weight_micro,
    cast(summed.name_weight_micro as bigint) as name_weight_micro,
    coalesce(numbers.number_words, '') as number_words,
    summed.weight_from_here_micro * 100
    >= summed.name_weight_micro * rules.least_similarity_percent as is_in_prefix
from summed
inner join {{ ref('int_undercutting__months') }} as rules
    on summed.month = rules.month
left join numbers
    on summed.month = numbers.month
    and summed.side = numbers.side
    and summed.goods_name = numbers.goods_name
