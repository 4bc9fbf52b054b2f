{#- Select of the first three HS headings of every text, with their probability in millionths and
    whether the first one is an answer. `import-risk classify` and the models run this statement.
    texts: text_id, period_no, terms (blank-separated, each once). points: period_no, term, hs4, points;
    term '' is the base of a heading. calibration: temperature, none_score, bound_micro, one row a
    period_no. A text is read with the table of its period.
    Three rows a text, always: the headings with the largest base stand in, with probability 0. -#}
{% macro item_headings(texts, points, calibration) -%}
with bases as (

    select
        period_no,
        hs4,
        points as base,
        row_number() over (
            partition by period_no
            order by points desc, hs4 asc nulls last
        ) as place
    from {{ points }}
    where term = ''

),

occurrences as (

    select
        text_id,
        period_no,
        {{ each_word('terms') }} as term
    from {{ texts }}

),

-- A heading counts where its terms speak for it more than against it.
sums as (

    select
        occurrences.text_id,
        occurrences.period_no,
        weights.hs4,
        sum(weights.points) as points
    from occurrences
    inner join {{ points }} as weights
        on occurrences.term = weights.term
        and occurrences.period_no = weights.period_no
    where weights.term <> ''
    group by occurrences.text_id, occurrences.period_no, weights.hs4
    having sum(weights.points) > 0

),

-- Of equal scores the lower code comes first; one number orders faster than two.
scores as (

    select
        sums.text_id,
        sums.period_no,
        sums.hs4,
        cast(sums.points as bigint) + coalesce(bases.base, 0) as score,
        (cast(sums.points as bigint) + coalesce(bases.base, 0)) * 10000 - cast(sums.hs4 as int) as sort_key
    from sums
    left join bases
        on sums.period_no = bases.period_no
        and sums.hs4 = bases.hs4

),

-- What stands behind the tenth heading weighs next to nothing.
foremost as (

    select
        text_id,
        period_no,
        hs4,
        score,
        cast(place as bigint) as place
    from (
        select
            text_id,
            period_no,
            hs4,
            score,
            row_number() over (partition by text_id order by sort_key desc) as place
        from scores
    ) as in_order
    where place <= 10

),

-- Weights are whole millionths, so that their sum does not depend on the order; e^13 is the most
-- that a double still counts exactly.
weighed as (

    select
        foremost.text_id,
        foremost.hs4,
        foremost.score,
        foremost.place,
        calibration.bound_micro,
        cast(floor(exp(
            (foremost.score - best.score) / cast(calibration.temperature as double)
        ) * 1e6 + 0.5) as bigint) as weight,
        cast(floor(exp(least(
            (calibration.none_score - best.score) / cast(calibration.temperature as double), 13e0
        )) * 1e6 + 0.5) as bigint) as none_weight
    from foremost
    inner join foremost as best
        on foremost.text_id = best.text_id and best.place = 1
    inner join {{ calibration }} as calibration
        on foremost.period_no = calibration.period_no

),

totals as (

    select
        text_id,
        cast(sum(weight) + max(none_weight) as bigint) as total_weight
    from weighed
    group by text_id

),

likely as (

    select
        weighed.text_id,
        weighed.hs4,
        weighed.score,
        weighed.place,
        cast(floor(
            cast(weighed.weight * 1000000 as double) / cast(totals.total_weight as double)
        ) as bigint) as probability_micro,
        weighed.bound_micro
    from weighed
    inner join totals
        on weighed.text_id = totals.text_id
    where weighed.place <= 3

),

stand_ins as (

    select
        texts.text_id,
        bases.hs4,
        bases.base as score,
        100 + bases.place as place
    from {{ texts }} as texts
    inner join bases
        on texts.period_no = bases.period_no
    left join foremost as third
        on texts.text_id = third.text_id and third.place = 3
    left join likely
        on texts.text_id = likely.text_id and bases.hs4 = likely.hs4
    where bases.place <= 3 and third.text_id is null and likely.text_id is null

),

every_heading as (

    select
        text_id,
        hs4,
        score,
        place,
        probability_micro,
        place = 1 and probability_micro >= bound_micro as is_answer
    from likely
    union all
    select
        text_id,
        hs4,
        score,
        place,
        0 as probability_micro,
        false as is_answer
    from stand_ins

)

select
    text_id,
    cast(heading_rank as bigint) as heading_rank,
    hs4,
    cast(score as bigint) as score,
    cast(probability_micro as bigint) as probability_micro,
    is_answer
from (
    select
        text_id,
        hs4,
        score,
        probability_micro,
        is_answer,
        row_number() over (partition by text_id order by place asc nulls last) as heading_rank
    from every_heading
) as numbered
where heading_rank <= 3
{%- endmacro %}
