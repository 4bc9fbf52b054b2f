{#- (source, its model of ranked statements, SQL of the record's key there) of every source whose
    records come in versions. To add a source: one line. -#}
{% macro versioned_records() -%}
    {{ return([
        ('parcel_manifest', 'stg_manifests__parcel_ranks', 'house_waybill_number'),
        ('low_value_declaration', 'stg_customs__low_value_declaration_ranks',
         'house_waybill_number'),
        ('customs_declaration', 'stg_customs__declaration_line_ranks',
         "declaration_number || '-' || cast(line_number as string)"),
    ]) }}
{%- endmacro %}
