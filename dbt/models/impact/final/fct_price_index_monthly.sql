{{ config(materialized='published_once') }}

-- Prices of strata (HS heading x channel) by GEKS-Törnqvist, spliced onto what is published. Rows that
-- stand are never written again.
{% set published -%}
    {% if keeps_other_days() %}{{ this }}{% else -%}
    (
        select
            cast(null as string) as hs_heading,
            cast(null as string) as channel,
            month,
            cast(null as bigint) as tornqvist_log_nano,
            cast(null as bigint) as fisher_log_nano,
            cast(null as bigint) as jevons_log_nano
        from {{ ref('int_price_index__months') }}
        where month is null
    )
    {%- endif %}
{%- endset %}
{{ price_index(ref('int_price_index__months'), ref('int_price_index__product_months'), published) }}
