{{ config(materialized='whole_table') }}

-- The domestic goods that each imported name is compared with: those of the same name, else of the one
-- name that is most alike (weighted Jaccard: weight of the words in common over weight of all words),
-- if it is as much alike as the rule asks. Of equal names the first.
with words as (

    select * from {{ ref('int_undercutting__name_words') }}

),

same as (

    select distinct
        imports.month,
        imports.goods_name
    from words as imports
    inner join words as domestic
        on imports.month = domestic.month
        and imports.goods_name = domestic.goods_name
    where imports.side = 'import' and domestic.side = 'domestic'

),

-- names of very different weight cannot be alike, whatever they share
candidates as (

    select distinct
        imports.month,
        imports.goods_name as import_name,
        domestic.goods_name as domestic_name,
        imports.name_weight_micro as import_weight_micro,
        domestic.name_weight_micro as domestic_weight_micro
    from words as imports
    inner join words as domestic
        on imports.month = domestic.month
        and imports.word = domestic.word
        and imports.number_words = domestic.number_words
    inner join {{ ref('int_undercutting__months') }} as rules
        on imports.month = rules.month
        and imports.name_weight_micro * 100
        >= domestic.name_weight_micro * rules.least_similarity_percent
        and domestic.name_weight_micro * 100
        >= imports.name_weight_micro * rules.least_similarity_percent
    left join same
        on imports.month = same.month
        and imports.goods_name = same.goods_name
    where
        imports.side = 'import'
        and imports.is_in_prefix
        and domestic.side = 'domestic'
        and domestic.is_in_prefix
        and same.goods_name is null

),

shared as (

    select
        candidates.month,
        candidates.import_name,
        candidates.domestic_name,
        candidates.import_weight_micro,
        candidates.domestic_weight_micro,
        sum(imports.weight_micro) as shared_weight_micro
    from candidates
    inner join words as imports
        on candidates.month = imports.month
        and candidates.import_name = imports.goods_name
    inner join words as domestic
        on candidates.month = domestic.month
        and candidates.domestic_name = domestic.goods_name
        and imports.word = domestic.word
    where imports.side = 'import' and domestic.side = 'domestic'
    group by
        candidates.month,
        candidates.import_name,
        candidates.domestic_name,
        candidates.import_weight_micro,
        candidates.domestic_weight_micro

),

scored as (

    select
        month,
        import_name,
        domestic_name,
        {{ percent_in_full(
            'shared_weight_micro',
            '(import_weight_micro + domestic_weight_micro - shared_weight_micro)'
        ) }} as match_score_percent
    from shared

),

ranked as (

    select
        scored.*,
        row_number() over (
            partition by scored.month, scored.import_name
            order by scored.match_score_percent desc nulls last, scored.domestic_name asc nulls last
        ) as place
    from scored
    inner join {{ ref('int_undercutting__months') }} as rules
        on scored.month = rules.month
    where scored.match_score_percent >= rules.least_similarity_percent

)

select
    month,
    goods_name as import_name,
    goods_name as domestic_name,
    'same_name' as match_method,
    cast(100 as decimal(18, 4)) as match_score_percent
from same

union all

select
    month,
    import_name,
    domestic_name,
    'similar_name' as match_method,
    match_score_percent
from ranked
where place = 1
