{#- {kind: (column, condition)} of what int_consignments__repeated_contacts counts. A contact of no use is
    not counted: a bare city or a zero is shared by all. -#}
{% macro repeated_contacts() -%}
    {{ return({
        'address': ('consignee_address_token', "consignee_address_status = 'complete'"),
        'phone': ('consignee_phone_token', "consignee_phone_status = 'valid'"),
        'id': ('consignee_id_token', "consignee_id_status in ('tax_code', 'personal_id')"),
        'party': ('consignee_party_id', 'consignee_party_id is not null'),
    }) }}
{%- endmacro %}

{#- Join of `rows` with the contacts of one kind that came at least `least` times on their day: an upper
    bound of any count over fewer rows. `key`: their column of the contact, where it has another name. -#}
{% macro join_repeated(kind, rows, least, key=none) -%}
inner join {{ ref('int_consignments__repeated_contacts') }} as repeated
    on {{ rows }}.day = repeated.day
    and {{ rows }}.{{ key or repeated_contacts()[kind][0] }} = repeated.contact_key
    and repeated.contact_kind = '{{ kind }}'
    and repeated.records >= {{ least }}
{%- endmacro %}
