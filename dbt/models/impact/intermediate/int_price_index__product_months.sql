-- What months of products are compared: those that parcels tell, and aggregates of the months of
-- which no parcel day is held. Of a month that is sent as one row, days of it are not read again.
with aggregates as (

    select
        flows.month,
        substr(flows.hs_code, 1, 4) as hs_heading,
        flows.channel,
        nullif(flows.product_key, 'all') as product_key,
        flows.origin_country_code,
        flows.quantity_unit_code,
        flows.quantity,
        flows.value_vnd
    from {{ ref('stg_aggregates__flows') }} as flows
    inner join {{ ref('int_price_index__months') }} as months
        on flows.month = months.month
    where
        substr(flows.hs_code, 4, 1) <> ''
        and translate(flows.hs_code, '0123456789', '') = ''
        and (
            (
                months.told_by = 'month_aggregates'
                and flows.period_kind = 'month'
                and flows.period_start = flows.month
            )
            or (months.told_by = 'day_aggregates' and flows.period_kind = 'day')
        )

),

aggregate_sums as (

    {{ price_sums('aggregates', 'month') }}

),

aggregated as (

    {{ price_products('aggregate_sums') }}

)

select
    parcels.month,
    parcels.hs_heading,
    parcels.channel,
    parcels.product_id,
    parcels.exclusion_reason,
    parcels.value_vnd,
    parcels.quantity,
    parcels.log_price_nano
from {{ ref('int_price_index__parcel_products') }} as parcels
inner join {{ ref('int_price_index__months') }} as months
    on parcels.month = months.month
where months.told_by = 'parcels'

union all

select
    month,
    hs_heading,
    channel,
    product_id,
    exclusion_reason,
    value_vnd,
    quantity,
    log_price_nano
from aggregated
