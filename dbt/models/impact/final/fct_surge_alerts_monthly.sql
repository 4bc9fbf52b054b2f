-- Early warning of import surges: six gates of each stratum (HS heading and channel), each kept with
-- its figure and its height; an alert when all are open. What cannot be told leaves its gate shut.
-- Unusual changes are found over all strata of the month at a false discovery rate (Benjamini and
-- Hochberg 1995): the largest rank k with p(k) <= k / n * rate is found, and every p not above it.
{% set certain_nano = 1000000000 %}
with told as (

    select
        changes.*,
        months.min_value_vnd,
        months.volume_percent,
        months.price_percent,
        months.least_z,
        months.false_discovery_percent,
        case
            when of_heading.commodity_code is not null then 'heading'
            when of_chapter.commodity_code is not null then 'chapter'
        end as domestic_output_of,
        coalesce(of_heading.output_vnd, of_chapter.output_vnd) as domestic_output_vnd,
        case
            when changes.robust_z_micro is null then {{ certain_nano }}
            else {{ normal_tail_nano('(changes.robust_z_micro / 1e6)') }}
        end as p_nano
    from {{ ref('int_surge__changes') }} as changes
    inner join {{ ref('int_surge__months') }} as months
        on changes.month = months.month
    left join {{ ref('int_surge__domestic_output') }} as of_heading
        on changes.month = of_heading.month
        and changes.hs_heading = of_heading.commodity_code
    left join {{ ref('int_surge__domestic_output') }} as of_chapter
        on changes.month = of_chapter.month
        and substr(changes.hs_heading, 1, 2) = of_chapter.commodity_code

),

ranked as (

    select
        told.*,
        count(*) over (partition by month) as strata_of_month,
        row_number() over (
            partition by month
            order by p_nano asc nulls last, hs_heading asc nulls last, channel asc nulls last
        ) as p_rank
    from told

),

found as (

    select
        ranked.*,
        max(
            case when p_nano * strata_of_month <= p_rank * false_discovery_percent * 1e7 then p_nano end
        ) over (partition by month) as last_found_p_nano
    from ranked

),

gates as (

    select
        found.*,
        coalesce(value_vnd >= min_value_vnd, false) as is_material,
        coalesce(volume_change_percent >= volume_percent, false) as is_volume_up,
        coalesce(price_change_percent <= price_percent, false) as is_price_down,
        domestic_output_of is not null as is_made_at_home,
        coalesce(robust_z_micro >= least_z * 1e6, false) as is_unusual,
        coalesce(p_nano <= last_found_p_nano, false) as is_found_among_all
    from found

)

select
    month,
    hs_heading,
    channel,
    is_material
    and is_volume_up
    and is_price_down
    and is_made_at_home
    and is_unusual
    and is_found_among_all as is_alert,
    value_vnd,
    min_value_vnd,
    is_material,
    base_month,
    cast(volume_vnd as decimal(38, 2)) as volume_vnd,
    cast(base_volume_vnd as decimal(38, 2)) as base_volume_vnd,
    volume_change_percent,
    volume_percent,
    is_volume_up,
    price_change_percent,
    price_percent,
    is_price_down,
    domestic_output_of,
    domestic_output_vnd,
    is_made_at_home,
    history_windows,
    cast(robust_z_micro / 1e6 as decimal(18, 6)) as robust_z,
    least_z,
    is_unusual,
    cast(p_nano / 1e9 as decimal(18, 9)) as p_value,
    false_discovery_percent,
    is_found_among_all,
    reason_code
from gates
