{{ config(materialized='whole_table') }}
-- Later days whose splits over days rest on a past that the run changed. Part of int_risk__stale_days,
-- apart for its size.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

{% set held %}
    select day from {{ ref('int_risk__owner_days') }}
    union
    select day from {{ ref('int_risk__owners_over_days') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

{{ split_over_days_parameters(days='later') }},

-- Only days that look back to a computed day.
{{ reached_days({'split': ['limit_vnd', 'least_receipts']}) }},

splits_again as (

    {{ split_over_days('split_reached') }}

),

{{ changed_states([
    (
        'splits_again',
        ['owner_party_id', 'consignor_party_id', 'receipts', 'active_days', 'span_days', 'value_vnd'],
        ref('int_risk__owners_over_days'), 'split_reached',
    ),
]) }}
select
    day,
    'splits' as reason
from changed_splits_again
