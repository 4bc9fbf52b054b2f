{#- Select of the first three HS headings of every text, with their probability in millionths and
    whether the first one is an answer. `import-risk classify` and the models run this statement.
    texts: text_id, terms (blank-separated, each once). points: term, hs4, points; term '' is the base
    of a heading. calibration: one row temperature, none_score, bound_micro.
    Three rows a text, always: the headings with the largest base stand in where terms say little. -#}
{% macro item_headings(texts, points, calibration) -%}
with bases as (

    select
        hs4,
        points as base
    from {{ points }}
    where term = ''

),

usual as (

    select hs4
    from (
        select
            hs4,
            row_number() over (order by base desc, hs4 asc nulls last) as place
        from bases
    ) as by_base
    where place <= 3

),

occurrences as (

    select
        text_id,
        {{ each_word('terms') }} as term
    from {{ texts }}

),

sums as (

    select
        text_id,
        hs4,
        cast(sum(points) as bigint) as points
    from (
        select
            occurrences.text_id,
            weights.hs4,
            weights.points
        from occurrences
        inner join {{ points }} as weights
            on occurrences.term = weights.term
        where weights.term <> ''
        union all
        select
            texts.text_id,
            usual.hs4,
            0 as points
        from {{ texts }} as texts
        cross join usual
    ) as every_point
    group by text_id, hs4

),

scores as (

    select
        sums.text_id,
        sums.hs4,
        sums.points + coalesce(bases.base, 0) as score
    from sums
    left join bases
        on sums.hs4 = bases.hs4

),

best as (

    select
        text_id,
        max(score) as best_score
    from scores
    group by text_id

),

-- Weights are whole millionths, so that their sum does not depend on the order; e^13 is the most a
-- double still counts exactly.
shares as (

    select
        best.text_id,
        best.best_score,
        max(calibration.bound_micro) as bound_micro,
        sum(cast(floor(exp(
            (scores.score - best.best_score) / cast(calibration.temperature as double)
        ) * 1e6 + 0.5) as bigint))
        + max(cast(floor(exp(least(
            (calibration.none_score - best.best_score) / cast(calibration.temperature as double), 13e0
        )) * 1e6 + 0.5) as bigint)) as total_weight,
        max(calibration.temperature) as temperature
    from best
    inner join scores
        on best.text_id = scores.text_id
    cross join {{ calibration }} as calibration
    group by best.text_id, best.best_score

),

ranked as (

    select
        text_id,
        hs4,
        score,
        heading_rank
    from (
        select
            text_id,
            hs4,
            score,
            row_number() over (partition by text_id order by score desc, hs4 asc nulls last) as heading_rank
        from scores
    ) as in_order
    where heading_rank <= 3

),

likely as (

    select
        ranked.text_id,
        cast(ranked.heading_rank as bigint) as heading_rank,
        ranked.hs4,
        cast(ranked.score as bigint) as score,
        cast(floor(
            cast(
                cast(floor(exp(
                    (ranked.score - shares.best_score) / cast(shares.temperature as double)
                ) * 1e6 + 0.5) as bigint) * 1000000 as double
            ) / cast(shares.total_weight as double)
        ) as bigint) as probability_micro,
        shares.bound_micro
    from ranked
    inner join shares
        on ranked.text_id = shares.text_id

)

select
    likely.text_id,
    likely.heading_rank,
    likely.hs4,
    likely.score,
    likely.probability_micro,
    likely.heading_rank = 1 and likely.probability_micro >= likely.bound_micro as is_answer
from likely
{%- endmacro %}
