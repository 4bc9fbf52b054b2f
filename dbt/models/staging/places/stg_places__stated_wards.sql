-- The ward that an address states. It is part of the address and no content of a record of its own, so
-- it is shown apart from the versions of records: a row for every row that names one.
{% for source_name, address in [
    ('parcel_manifest', 'consignee_address'),
    ('low_value_declaration', 'importer_address'),
    ('customs_declaration', 'importer_address'),
] %}
select
    day,
    {{ address }}_token as address_token,
    {{ address }}_ward_folded as ward
from {{ source('raw', source_name) }}
where {{ address }}_ward_folded is not null
{{ 'union all' if not loop.last }}
{% endfor %}
