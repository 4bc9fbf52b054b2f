-- Consignments of the window that flows count, with who contributes them: codes of contributors are
-- 'unknown' where nobody is named. A seller's number means something on its platform only. Who lodges
-- a manifest or a low-value declaration declares its goods: the operator, where the law says so.
with rules as (

    select
        day,
        max(case when parameter_id = 'HOME_COUNTRY' then value_text end) as home_country_code,
        {% for channel in ['express', 'postal'] %}
        max(case when parameter_id = 'OPERATOR_DECLARES_{{ channel | upper }}' then value end)
            as operator_declares_{{ channel }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_rules__in_force') }}
    group by day

)

select
    consignments.day,
    consignments.platform_code,
    consignments.platform_status,
    consignments.channel,
    consignments.origin_country_code,
    consignments.hs_chapter,
    consignments.hs_heading,
    case
        when consignments.hs_basis = 'declared' and substr(consignments.hs_code, 6, 1) <> ''
            then substr(consignments.hs_code, 1, 6)
        else 'unknown'
    end as hs_subheading,
    consignments.consignee_province_code as province_code,

    -- who contributes
    coalesce(nullif(consignments.platform_code, 'unstated'), 'unknown')
        as platform_contributor_code,
    coalesce(consignments.operator_code, 'unknown') as operator_code,
    coalesce(
        consignments.declarant_id_token,
        case
            when consignments.consignment_kind = 'declaration_line' then null
            when consignments.channel = 'express' and rules.operator_declares_express = 1
                then consignments.operator_code
            when consignments.channel = 'postal' and rules.operator_declares_postal = 1
                then consignments.operator_code
        end,
        'unknown'
    ) as declarant_code,
    coalesce(
        consignments.seller_id_token,
        consignments.platform_code || '|' || consignments.seller_id_platform,
        'unknown'
    ) as seller_code,
    coalesce(consignments.consignee_party_id, 'unknown') as importer_code,
    coalesce(consignments.warehouse_code, 'unknown') as warehouse_code,

    -- measures; a declaration line stands in the trade statistics, a parcel does not
    consignments.consignment_kind = 'declaration_line' as is_in_trade_statistics,
    coalesce(consignments.low_value_declared_value_vnd, consignments.value_vnd)
        as customs_value_vnd
from {{ ref('fct_consignments') }} as consignments
inner join rules
    on consignments.day = rules.day
    and consignments.importing_country_code = rules.home_country_code
where consignments.is_in_flows
