{{ config(materialized='day_window') }}
-- What came to busy places, by what can be added up over days: platform, operator and province.
-- An address counts when complete and a phone when valid: a bare city or a zero is shared by all.
with arrivals as (

    select
        consignments.day,
        case
            when consignments.consignee_address_status = 'complete'
                then consignments.consignee_address_token
        end as address_key,
        case
            when consignments.consignee_phone_status = 'valid'
                then consignments.consignee_phone_token
        end as phone_key,
        consignments.warehouse_code as warehouse_key,
        consignments.platform_code,
        consignments.platform_status,
        coalesce(consignments.operator_code, 'unstated') as operator_code,
        consignments.consignee_province_code as province_code,
        consignments.value_vnd,
        parameters.state_consignments
    from {{ ref('fct_consignments') }} as consignments
    inner join (
        {{ parameters_by_day({'state_consignments': ['GATHERING_STATE_CONSIGNMENTS', 'bigint']}) }}
    ) as parameters
        on consignments.day = parameters.day
    where consignments.is_in_flows

),

{% for kind in ['address', 'phone', 'warehouse'] %}
-- first only the counts; the details follow for the few that qualify
busy_{{ kind }} as (

    select
        arrivals.day,
        arrivals.{{ kind }}_key
    from arrivals
    {%- if kind in repeated_contacts() %}
    {{ join_repeated(kind, 'arrivals', 'arrivals.state_consignments', key=kind ~ '_key') | indent(4) }}
    {%- endif %}
    where arrivals.{{ kind }}_key is not null
    group by
        arrivals.day,
        arrivals.{{ kind }}_key
    having count(*) >= max(arrivals.state_consignments)

){{ ',' if not loop.last }}

{% endfor %}
{% for kind in ['address', 'phone', 'warehouse'] %}
select
    arrivals.day,
    '{{ kind }}' as point_kind,
    arrivals.{{ kind }}_key as point_key,
    arrivals.platform_code,
    arrivals.operator_code,
    arrivals.province_code,
    count(*) as consignments,
    count(
        case when arrivals.platform_status in ('unregistered', 'suspended', 'deregistered') then 1 end
    ) as consignments_unregistered_platform,
    cast(coalesce(sum(arrivals.value_vnd), 0) as decimal(38, 2)) as value_vnd
from arrivals
inner join busy_{{ kind }} as busy
    on arrivals.day = busy.day
    and arrivals.{{ kind }}_key = busy.{{ kind }}_key
group by
    arrivals.day,
    arrivals.{{ kind }}_key,
    arrivals.platform_code,
    arrivals.operator_code,
    arrivals.province_code
{{ 'union all' if not loop.last }}
{% endfor %}
