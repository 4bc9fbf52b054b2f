-- What every parcel at file positions [plan_from_row(), plan_to_row()) is, in numbers, in that order
-- (DuckDB preserves the order of range()); words follow in parcel_texts.sql.
create or replace temp table parcel_core as
with file_rows as (
    select p as position, rotated(p, 1) as x from range(plan_from_row(), plan_to_row()) as rows (p)
),

-- Three rounds of a bijection on 0 .. plan_parcels() - 1: planted rows lie scattered in the file.
once as (
    select position, rotated(scattered(x), 2) as x from file_rows
),

twice as (
    select position, rotated(scattered(x), 3) as x from once
),

positions as (
    select position, scattered(x) as logical from twice
),

typed as (
    select
        *,
        case
            when logical >= plan_honest_start() then null
            when logical < plan_end_undervaluation() then 'undervaluation'
            when logical < plan_end_split_under_relief() then 'split_under_relief'
            when logical < plan_end_one_address_many_consignees()
                then 'one_address_many_consignees'
            when logical < plan_end_phone_reuse() then 'phone_reuse'
            when logical < plan_end_prohibited_goods() then 'prohibited_goods'
            when logical < plan_end_false_item_name() then 'false_item_name'
            when logical < plan_end_disguised_brand() then 'disguised_brand'
            when logical < plan_end_unregistered_platform_behind_courier()
                then 'unregistered_platform_behind_courier'
            when logical < plan_end_stale_suspended_platform() then 'stale_suspended_platform'
            else 'gathering_point'
        end as block
    from positions
),

clustered as (
    select
        *,
        -- The first row of the cluster this row belongs to; the row itself outside clusters.
        case block
            when 'split_under_relief'
                then logical - split_member(logical - plan_start_split_under_relief())
            when 'one_address_many_consignees'
                then logical - (logical - plan_start_one_address_many_consignees()) % 6
            when 'phone_reuse' then logical - (logical - plan_start_phone_reuse()) % 5
            else logical
        end as head,
        keyed(logical, plan_key_a(), plan_key_b()) as k
    from typed
),

placed as (
    select
        *,
        keyed(head, plan_key_a(), plan_key_b()) as k_head,
        case
            when block = 'split_under_relief' then head
            when block is null and logical > plan_honest_start()
                and hit(draw_second_parcel(k), param_second_parcel()) then logical - 1
            else logical
        end as slot,
        block is not null and block in (
            'split_under_relief', 'one_address_many_consignees', 'phone_reuse', 'gathering_point'
        ) as is_clustered
    from clustered
),

people as (
    select
        *,
        consignee_number(slot) as n,
        person_key(consignee_number(slot)) as k_person,
        case when block = 'phone_reuse' then consignee_number(head)
            else contact_number(consignee_number(slot)) end as phone_n,
        case
            when block = 'gathering_point' then plan_population() + 7
            when block = 'one_address_many_consignees' then consignee_number(head)
            else home_number(consignee_number(slot))
        end as home_n
    from placed
),

traded as (
    select
        *,
        person_key(home_n) as k_home,
        pick_good(draw_good(k)) as good,
        quantity_of(draw_quantity(k)) as pieces,
        case
            when block = 'unregistered_platform_behind_courier'
                then pick_unregistered_platform(draw_platform(k))
            when block = 'stale_suspended_platform' then suspended_platform()
            when pick_platform(draw_platform(k_head)) = suspended_platform()
                and plan_is_suspended() = 1 then 0
            else pick_platform(draw_platform(k_head))
        end as order_platform,
        draw_master(k_head) % plan_masters() as master
    from people
),

shipped as (
    select
        *,
        keyed(master, plan_master_key_a(), plan_master_key_b()) as k_master,
        ((draw_seller_a(k_head) >> 16) * (draw_seller_b(k_head) >> 16) >> 16) * plan_sellers() >> 16
            as seller,
        greatest(good_grams(good) * pieces * weight_factor(draw_weight(k)) // 10000, 10) as grams
    from traded
),

valued as (
    select
        *,
        seller_key(order_platform * 10000000 + seller) as k_seller,
        pick_office(draw_office(k_master)) as office,
        greatest(
            good_value_per_kg(good) * param_value_level_percent() // 100 * grams // 1000
                * value_factor(draw_value(k)) // 10000, 4000
        ) as fair_vnd
    from shipped
),

declared as (
    select
        *,
        case
            when block = 'undervaluation' then fair_vnd * 100 // undervaluation_percent(k)
            when block = 'split_under_relief' then param_split_member_low_vnd()
                + draw_split_value(k) % (param_split_member_high_vnd() - param_split_member_low_vnd())
            when block is null and hit(draw_bunch(k), param_bunching())
                then param_bunching_top_vnd() - draw_bunch_value(k) % param_bunching_width_vnd()
            else fair_vnd
        end as value_vnd,
        case
            when hit(draw_country(k_seller), case when platform_is_chinese(order_platform)
                then param_china_on_chinese_platforms() else param_china_elsewhere() end) then 0
            else pick_other_country(draw_country(k_seller) // 1000000)
        end as country
    from valued
),

priced as (
    select
        *,
        case
            when draw_currency(k_head) % 100 < 28 then 0
            when draw_currency(k_head) % 100 < 38 then 1
            else country_currency(country)
        end as currency
    from declared
)

select
    position, head, k, n, phone_n, k_person, k_home, k_master, k_seller, block, is_clustered, good,
    pieces, grams, order_platform, seller, master, office, country, currency, fair_vnd, value_vnd,
    pick_province(draw_province(k_home)) as province
from priced;
