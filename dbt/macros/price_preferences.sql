{#- Select of the price preferences of the days in `parameters` (day, preference_history_from,
    least_consignments, least_sellers, mad_factor, least_mad_micro): from the states of the look-back,
    strictly before each day. A seller is compared with all remembered sellers of its channel: median
    and median absolute deviation of their shares in whole percent, which a late record seldom moves.
    With 300 prices chance moves a share by less than 3 percentage points (a standard deviation), which
    is the least deviation used. Only who is beyond its limit is told. -#}
{% macro price_preferences(parameters) -%}
with sellers as (

    select
        parameters.day,
        days.seller_key,
        days.channel,
        parameters.least_consignments,
        parameters.least_sellers,
        parameters.mad_factor,
        parameters.least_mad_micro,
        {% for ending in price_endings() %}
        cast(sum(days.ending_{{ ending }}) as bigint) as ending_{{ ending }},
        {% endfor %}
        cast(sum(days.consignments) as bigint) as consignments
    from {{ parameters }} as parameters
    inner join {{ ref('int_prices__seller_days') }} as days
        on parameters.day > days.day
        and parameters.preference_history_from <= days.day
    group by
        parameters.day,
        days.seller_key,
        days.channel,
        parameters.least_consignments,
        parameters.least_sellers,
        parameters.mad_factor,
        parameters.least_mad_micro

),

-- Counted on the days on which it is the seller's most frequent price: at least so often.
repeated as (

    select
        day,
        seller_key,
        channel,
        max(lpad(cast(consignments as string), 12, '0') || repeated_price) as most_frequent
    from (
        select
            parameters.day,
            days.seller_key,
            days.channel,
            days.repeated_price,
            cast(sum(days.repeated_consignments) as bigint) as consignments
        from {{ parameters }} as parameters
        inner join {{ ref('int_prices__seller_days') }} as days
            on parameters.day > days.day
            and parameters.preference_history_from <= days.day
        group by
            parameters.day,
            days.seller_key,
            days.channel,
            days.repeated_price
    ) as by_price
    group by
        day,
        seller_key,
        channel

),

shares as (

    {% for ending in price_endings() %}
    select
        day,
        channel,
        seller_key,
        'ending' as preference_kind,
        '{{ ending }}' as compared_value,
        '{{ ending }}' as preferred_value,
        ending_{{ ending }} as preferred_consignments,
        {{ share_in_millionths('ending_' ~ ending, 'consignments') }} as share_micro
    from sellers
    union all
    {% endfor %}
    -- peers repeat prices of their own
    select
        sellers.day,
        sellers.channel,
        sellers.seller_key,
        'repeated_price' as preference_kind,
        '*' as compared_value,
        substr(repeated.most_frequent, 13) as preferred_value,
        cast(substr(repeated.most_frequent, 1, 12) as bigint) as preferred_consignments,
        {{ share_in_millionths(
            'cast(substr(repeated.most_frequent, 1, 12) as bigint)', 'sellers.consignments'
        ) }} as share_micro
    from sellers
    inner join repeated
        on sellers.day = repeated.day
        and sellers.seller_key = repeated.seller_key
        and sellers.channel = repeated.channel

),

rounded as (

    select
        shares.*,
        {{ whole_percent('share_micro') }} as rounded_micro
    from shares

),

{% set group = ['day', 'channel', 'preference_kind', 'compared_value'] %}
medians as (

    {{ lower_median('rounded', group, 'rounded_micro', '1', 'median_micro') }}

),

compared as (

    select
        rounded.*,
        medians.weight_sum as sellers_compared,
        medians.median_micro,
        abs(rounded.rounded_micro - medians.median_micro) as deviation_micro
    from rounded
    inner join medians
        on {% for column in group -%}
        {{ 'and ' if not loop.first }}rounded.{{ column }} = medians.{{ column }}
        {% endfor %}

),

spreads as (

    {{ lower_median('compared', group, 'deviation_micro', '1', 'mad_micro') }}

),

judged as (

    select
        compared.*,
        sellers.consignments,
        compared.median_micro
        + greatest(spreads.mad_micro, sellers.least_mad_micro) * sellers.mad_factor as limit_micro
    from compared
    inner join sellers
        on compared.day = sellers.day
        and compared.seller_key = sellers.seller_key
        and compared.channel = sellers.channel
    inner join spreads
        on {% for column in group -%}
        {{ 'and ' if not loop.first }}compared.{{ column }} = spreads.{{ column }}
        {% endfor %}
    where
        sellers.consignments >= sellers.least_consignments
        and compared.sellers_compared >= sellers.least_sellers

),

-- of the endings the one furthest beyond its limit
ranked as (

    select
        judged.*,
        row_number() over (
            partition by day, seller_key, channel, preference_kind
            order by share_micro - limit_micro desc, preferred_value asc nulls last
        ) as kind_rank
    from judged

)

select
    day,
    seller_key,
    channel,
    preference_kind,
    preferred_value,
    consignments,
    preferred_consignments,
    share_micro,
    sellers_compared,
    median_micro as peer_median_micro,
    limit_micro
from ranked
where
    kind_rank = 1
    and share_micro > limit_micro
{%- endmacro %}
