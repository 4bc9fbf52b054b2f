{#- Common table expression `spliced`: the published logarithms of every month of every window, in whole
    billionths; null where a month has none.

    The months of a stratum's first window stand to its first month as GEKS says. A later month t is
    spliced onto each published month s of its window, and the mean counts:
    ln I(t) = mean over s of ln I(s) + (level t - level s) / months.
    Steps follow each other: a month that step 1 publishes is one of those that step 2 is spliced
    onto. A stratum without a published month in its window begins anew with 100.

    Reads `levels`, `candidates` (price_levels). published: the rows that stand. -#}
{% macro price_splice(published) -%}
{%- set formulas = price_formulas().split() -%}
{%- set all_steps = price_steps().split() -%}
placed as (

    select
        levels.*,
        candidates.step_no,
        candidates.hs_heading,
        candidates.channel,
        candidates.month,
        candidates.is_to_publish,
        {% for formula in formulas %}
        stands.{{ formula }}_log_nano as stands_{{ formula }},
        {% endfor %}
        max(case when stands.tornqvist_log_nano is not null then 1 else 0 end)
            over (partition by candidates.hs_heading, candidates.channel) as has_published,
        min(case when candidates.step_no = 0 or candidates.is_to_publish then candidates.step_no end)
            over (partition by candidates.hs_heading, candidates.channel) as first_step_no,
        min(levels.month_no) over (partition by levels.cell_no) as base_no
    from levels
    inner join candidates
        on levels.cell_no = candidates.cell_no
        and levels.month_no = candidates.month_no
    left join {{ published }} as stands
        on candidates.hs_heading = stands.hs_heading
        and candidates.channel = stands.channel
        and candidates.month = stands.month

),

based as (

    select
        placed.*,
        {% for formula in formulas %}
        max(case when month_no = base_no then {{ formula }}_level end)
            over (partition by cell_no) as {{ formula }}_base,
        max(case when is_to_publish then {{ formula }}_level end)
            over (partition by cell_no) as {{ formula }}_end{{ ',' if not loop.last }}
        {% endfor %}
    from placed

),

-- What is known before the steps: a month is the same in every window that it lies in. published_by:
-- the step that publishes the month.
known as (

    select
        based.*,
        steps.step_no as published_by,
        {% for formula in formulas %}
        max(
            case
                when has_published = 1 then stands_{{ formula }}
                when based.step_no = first_step_no and based.step_no = 0
                    then {{ whole(
                        'cast(' ~ formula ~ '_level - ' ~ formula ~ '_base as double) / months_used'
                    ) }}
                when based.step_no = first_step_no and is_to_publish then 0
            end
        ) over (partition by hs_heading, channel, based.month_no)
            as {{ formula }}_log{{ ',' if not loop.last }}
        {% endfor %}
    from based
    left join steps
        on based.month_no = steps.end_no
        and steps.step_no > 0

),

-- one row a stratum: what each step is spliced onto, of months known before and of earlier steps
beside as (

    select
        hs_heading,
        channel,
        {% for step in all_steps %}
        max(case when step_no = {{ step }} and is_to_publish then months_used end) as months_{{ step }},
        {% for formula in formulas %}
        max(case when step_no = {{ step }} and is_to_publish then {{ formula }}_log end)
            as {{ formula }}_begun_{{ step }},
        coalesce(sum({{ onto_known(formula, step) }}), 0) as {{ formula }}_sum_{{ step }},
        count({{ onto_known(formula, step) }}) as {{ formula }}_count_{{ step }},
        {% for earlier in all_steps[:step | int - 1] %}
        max(
            case when step_no = {{ step }} and published_by = {{ earlier }} and {{ formula }}_log is null
                then {{ formula }}_end - {{ formula }}_level end
        ) as {{ formula }}_rise_{{ step }}_{{ earlier }},
        {% endfor %}
        {% endfor %}
        {% endfor %}
        count(*) as row_count
    from known
    group by hs_heading, channel

),

{%- set rows = namespace(sql='beside') -%}
{%- for step in all_steps -%}
    {%- set rows.sql = price_step(rows.sql, step) -%}
{%- endfor %}

stepped as (

    select * from {{ rows.sql }} as last_step

),

spliced as (

    select
        known.cell_no,
        known.step_no,
        known.month,
        known.month_no,
        known.months_used,
        {% for formula in formulas %}
        coalesce(
            known.{{ formula }}_log,
            case known.published_by
                {% for step in all_steps %}
                when {{ step }} then stepped.{{ formula }}_new_{{ step }}
                {% endfor %}
            end
        ) as {{ formula }}_log{{ ',' if not loop.last }}
        {% endfor %}
    from known
    inner join stepped
        on known.hs_heading = stepped.hs_heading
        and known.channel = stepped.channel

)
{%- endmacro %}

{#- The row of a stratum with what this step publishes. Steps stand inside each other: as windows, or as
    common table expressions that read each other, DuckDB 1.5 plans each at twice the time of the one
    before. `rows`: of the step before. -#}
{% macro price_step(rows, step) -%}
(
    select
        step_before.*,
        {% for formula in price_formulas().split() %}
        coalesce(
            {{ formula }}_begun_{{ step }},
            {{ whole(mean_of_step(formula, step)) }}
        ) as {{ formula }}_new_{{ step }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ rows }} as step_before
)
{%- endmacro %}

{#- The mean over published months that the month of this step is spliced onto; null without any. -#}
{% macro mean_of_step(formula, step) -%}
cast(
    {{ formula }}_sum_{{ step }}
    {% for earlier in price_steps().split()[:step | int - 1] %}
    + coalesce({{ onto_step(formula, step, earlier) }}, 0)
    {% endfor %} as double
) / nullif(
    months_{{ step }} * (
        {{ formula }}_count_{{ step }}
        {% for earlier in price_steps().split()[:step | int - 1] %}
        + case when {{ onto_step(formula, step, earlier) }} is null then 0 else 1 end
        {% endfor %}
    ), 0
)
{%- endmacro %}

{#- What a published month gives to the mean, times the months of the window: one known before the
    steps; the month of an earlier step. Null where it gives nothing. -#}
{% macro onto_known(formula, step) -%}
case when step_no = {{ step }} and not is_to_publish
    then months_used * {{ formula }}_log + {{ formula }}_end - {{ formula }}_level end
{%- endmacro %}

{% macro onto_step(formula, step, earlier) -%}
(months_{{ step }} * {{ formula }}_new_{{ earlier }} + {{ formula }}_rise_{{ step }}_{{ earlier }})
{%- endmacro %}
