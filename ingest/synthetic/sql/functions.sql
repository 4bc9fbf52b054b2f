-- Macros shared by the statements of the generator that are more than a lookup.
-- Bijections on the day's rows: a rotation; and a mixing of the rows below the largest power of two.
create or replace temp macro rotated(x, round) as
    (x + plan_row_offset() + round * (plan_parcels() // 3)) % plan_parcels();
create or replace temp macro scattered(x) as
    case when x < plan_power()
        then xor(((xor(x, x >> plan_half_bits()) * 1597334677) & (plan_power() - 1)),
            ((xor(x, x >> plan_half_bits()) * 1597334677) & (plan_power() - 1)) >> plan_half_bits())
        else x end;
create or replace temp macro consignee_number(slot) as
    (slot * 2147483629 + plan_population_offset()) % plan_population();
-- Two neighbours in number form a household; forty share the address of a dormitory.
create or replace temp macro contact_number(n) as
    case when hit(mix(n // 2 + 101), param_household()) then n - n % 2 else n end;
create or replace temp macro home_number(n) as
    case when hit(mix(n // param_dormitory_size() + 202), param_dormitory())
        then n - n % param_dormitory_size() else contact_number(n) end;
create or replace temp macro is_firm(k) as hit(draw_id_kind(k), param_id_tax_code());
create or replace temp macro quantity_of(draw) as
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 5][draw % 20 + 1];
create or replace temp macro undervaluation_percent(k) as
    param_undervaluation_factor_low_percent() + draw_factor(k) % (
        param_undervaluation_factor_high_percent() - param_undervaluation_factor_low_percent() + 1);
-- Air waybill: seven digits and their remainder by seven; unique for 200 days.
create or replace temp macro air_serial(master) as plan_day_number() % 200 * 50000 + master;
create or replace temp macro found_type(typology, draw) as
    case typology
        when 'undervaluation' then 'undervaluation'
        when 'split_under_relief' then 'splitting'
        when 'prohibited_goods' then 'prohibited_conditional'
        when 'false_item_name' then 'misclassification'
        when 'disguised_brand' then 'ip_counterfeit'
        when 'unregistered_platform_behind_courier' then 'unregistered_platform'
        when 'stale_suspended_platform' then 'unregistered_platform'
        when 'one_address_many_consignees' then 'unspecified'
        when 'phone_reuse' then 'unspecified'
        when 'gathering_point' then 'unspecified'
        else ['misclassification', 'origin', 'product_safety'][draw % 3 + 1]
    end;
-- Who is inspected, what is found and when it is known; candidates: name of a view with position, k,
-- typology, fair_vnd, arrived_at, inspection_id, consignment_reference, line_number.
create or replace temp macro inspected(candidates) as table
with chosen as (
    select
        *,
        hit(draw_inspect_random(k), param_inspected_random()) as is_random,
        case when hit(draw_pending(k), param_result_pending()) then 'pending'
            when hit(draw_found(k), case when typology is null then param_found_if_honest()
                else param_found_if_planted() end) then 'finding'
            else 'no_finding' end as result,
        arrived_at + to_seconds(3600 + draw_inspector(k) % 20000) as inspected_at
    from query_table(candidates)
    where hit(draw_inspect_random(k), param_inspected_random())
        or hit(draw_inspect_rule(k), case when typology is null then param_inspected_by_rule()
            else param_inspected_by_rule_if_planted() end)
)

select
    position, inspection_id, consignment_reference, line_number,
    case when is_random then 'random' else 'rule' end as selection_method,
    case when is_random then cast(param_inspected_random() as decimal(12, 0))
        * cast(0.000001 as decimal(6, 6)) end as selection_probability,
    result,
    case when result = 'finding' then found_type(typology, draw_finding(k)) else 'none' end
        as finding_type,
    case when result <> 'finding' then 'none' when typology = 'prohibited_goods' then 'critical'
        else 'ordinary' end as finding_severity,
    case when result = 'finding' and typology = 'undervaluation' then fair_vnd end as found_value,
    case when result = 'finding' and typology = 'undervaluation' then 'VND' end as currency_code,
    inspected_at,
    inspected_at + to_hours(24 * (1 + draw_delay(k) % 3)) as known_at,
    '001090' || digits(draw_inspector(k) % 40, 1000000) as inspector_id_number
from chosen;
