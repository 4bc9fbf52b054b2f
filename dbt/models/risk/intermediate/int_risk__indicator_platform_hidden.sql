-- A parcel that states no platform and looks like those of one whose status is flagged: its signs
-- speak for one platform and none for another, and its sender is among them or two signs agree.
-- A likeness, never an attribution: the parcel's platform stays unstated. A low-value declaration
-- has no field for a platform, so it hides none.
with flagged as (

    select
        day,
        parameter_id
    from {{ ref('int_rules__in_force') }}
    where value = 1

),

silent as (

    select
        consignment_id,
        day,
        consignor_party_id as consignor_sign,
        {{ order_sign('platform_order_id') }} as order_sign,
        {{ order_sign('seller_id_platform') }} as seller_sign
    from {{ ref('int_risk__home_subjects') }}
    where
        platform_code = 'unstated'
        and consignment_kind = 'parcel'

),

{% set kinds = ['consignor', 'order', 'seller'] %}
{% for kind in kinds %}
{{ kind }}_signs as (

    select
        day,
        sign_value,
        platform_code,
        parcel_count,
        platform_share_micro
    from {{ ref('int_risk__platform_likeness') }}
    where sign_kind = '{{ kind }}'

),

{% endfor %}
matched as (

    select
        silent.consignment_id,
        silent.day,
        {% for kind in kinds %}
        {{ kind }}_signs.platform_code as {{ kind }}_platform,
        {{ kind }}_signs.parcel_count as {{ kind }}_parcels,
        {{ kind }}_signs.platform_share_micro as {{ kind }}_share_micro,
        {% endfor %}
        coalesce(
            consignor_signs.platform_code, order_signs.platform_code, seller_signs.platform_code
        ) as likely_platform
    from silent
    {% for kind in kinds %}
    left join {{ kind }}_signs
        on silent.day = {{ kind }}_signs.day
        and silent.{{ kind }}_sign = {{ kind }}_signs.sign_value
    {% endfor %}

),

agreed as (

    select
        matched.*,
        {% for kind in kinds %}
        case when {{ kind }}_platform is null then 0 else 1 end{{ ' +' if not loop.last }}
        {% endfor %}
        as sign_count
    from matched
    where
        {% for kind in kinds %}
        coalesce({{ kind }}_platform, likely_platform) = likely_platform
        {{ 'and' if not loop.last }}
        {% endfor %}

)

select
    agreed.consignment_id,
    agreed.day,
    'platform_hidden' as indicator_id,
    {% set facts = [
        ['likely_platform', 'agreed.likely_platform', 'text'],
        ['status', "coalesce(platforms.platform_status, 'unregistered')", 'text'],
        ['signs', 'agreed.sign_count', 'number'],
    ] %}
    {%- for kind in kinds %}
    {%- for fact in [kind ~ '_parcels', kind ~ '_share_micro'] %}
    {%- do facts.append([fact, 'agreed.' ~ fact, 'number']) %}
    {%- endfor %}
    {%- endfor %}
    {{ evidence(facts) }} as evidence,
    {{ thousandths('agreed.sign_count') }} as strength_milli
from agreed
left join {{ ref('int_platforms__status_by_day') }} as platforms
    on agreed.day = platforms.day
    and agreed.likely_platform = platforms.platform_code
inner join flagged
    on agreed.day = flagged.day
    and 'PLATFORM_FLAG_' || upper(coalesce(platforms.platform_status, 'unregistered'))
    = flagged.parameter_id
where agreed.consignor_platform is not null or agreed.sign_count >= 2
