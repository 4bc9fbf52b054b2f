-- How far back the days of the run look for parties.
select
    day,
    {{ add_days('day', '-contact_lookback_days') }} as key_history_from,
    party_fan_in_limit,
    {{ add_days('day', '-component_lookback_days') }} as component_history_from
from (
    {{ parameters_by_day({
        'contact_lookback_days': ['PARTY_CONTACT_LOOKBACK_DAYS', 'integer'],
        'party_fan_in_limit': ['PARTY_FAN_IN_LIMIT', 'bigint'],
        'component_lookback_days': ['PARTY_COMPONENT_LOOKBACK_DAYS', 'integer'],
    }) }}
) as parameters
