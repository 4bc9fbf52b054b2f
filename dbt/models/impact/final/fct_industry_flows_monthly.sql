-- Flows of a month by domestic industry: goods go to the division whose main activity makes them, by
-- heading where the chapter falls to several. Nothing is parted by shares, for none are published;
-- what no key allocates stays `unknown`, and all adds up to the flow exactly.
with months as (

    select
        month,
        basis,
        max(days_covered) as days_covered,
        max(days_in_month) as days_in_month
    from {{ ref('fct_flows_monthly') }}
    where dimension = 'hs4'
    group by month, basis

),

goods as (

    select
        months.*,
        own.hs_code,
        own.consignments,
        own.consignments_without_value,
        own.customs_value_vnd
    from months
    inner join {{ ref('int_goods__own_months') }} as own
        on months.month = own.month
    where months.basis = 'consignments'

    union all

    select
        months.*,
        flows.member_code as hs_code,
        flows.consignments,
        flows.consignments_without_value,
        flows.customs_value_vnd
    from months
    inner join {{ ref('fct_flows_monthly') }} as flows
        on months.month = flows.month
    where
        months.basis = 'delivered'
        and flows.dimension = 'hs4'

),

split_chapters as (

    select distinct substr(hs_code, 1, 2) as hs_chapter
    from {{ ref('hs_industries') }}
    where length(hs_code) > 2

),

-- the key of the code itself, else of its chapter, as in force on the last day of the month; of goods
-- known to the chapter alone it is a main activity where some headings go elsewhere
allocated as (

    select
        goods.*,
        coalesce(of_code.vsic_division, of_chapter.vsic_division, 'unknown') as vsic_division,
        case
            when goods.hs_code = split_chapters.hs_chapter and of_code.hs_code is not null then 'd'
            when of_code.hs_code is not null then {{ grade_letter('of_code.evidence_grade') }}
            when of_chapter.hs_code is not null then {{ grade_letter('of_chapter.evidence_grade') }}
        end as letter
    from goods
    left join {{ ref('hs_industries') }} as of_code
        on goods.hs_code = of_code.hs_code
        and of_code.valid_from <= last_day(goods.month)
        and (of_code.valid_to is null or of_code.valid_to >= last_day(goods.month))
    left join {{ ref('hs_industries') }} as of_chapter
        on substr(goods.hs_code, 1, 2) = of_chapter.hs_code
        and of_chapter.valid_from <= last_day(goods.month)
        and (of_chapter.valid_to is null or of_chapter.valid_to >= last_day(goods.month))
    left join split_chapters
        on substr(goods.hs_code, 1, 2) = split_chapters.hs_chapter

),

industries as (

    select
        month,
        vsic_division,
        basis,
        max(days_covered) as days_covered,
        max(days_in_month) as days_in_month,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_without_value) as bigint) as consignments_without_value,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
        cast(coalesce(sum(case when letter = 'd' then customs_value_vnd end), 0) as decimal(38, 2))
            as main_activity_value_vnd
    from allocated
    group by month, vsic_division, basis

),

totals as (

    select
        industries.*,
        sum(consignments) over (partition by month) as total_consignments,
        cast(sum(customs_value_vnd) over (partition by month) as decimal(38, 2))
            as total_customs_value_vnd
    from industries

)

select
    month,
    vsic_division,
    basis,
    days_covered,
    days_in_month,
    days_covered = days_in_month as is_complete_month,
    consignments,
    consignments_without_value,
    customs_value_vnd,
    main_activity_value_vnd,
    total_customs_value_vnd,
    {{ percent_in_full('customs_value_vnd', 'total_customs_value_vnd') }} as share_of_value_percent,
    {{ percent_in_full('consignments', 'total_consignments') }} as share_of_consignments_percent
from totals
