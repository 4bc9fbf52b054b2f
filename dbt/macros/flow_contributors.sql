{#- Common table expression `imported`: the rows of `consignments`, each a parcel, with what its
    importer contributes alone. Most importers have one consignment a day and need no sum; those that
    have more are marked and added up where they are read. -#}
{% macro imported_consignments() -%}
repeated_importers as (

    select day, importer_code
    from consignments
    where importer_code <> 'unknown'
    group by day, importer_code
    having count(*) > 1

),

imported as (

    select
        consignments.*,
        1 as parcel_count,
        coalesce(consignments.customs_value_vnd, 0) as seller_value_vnd,
        repeated_importers.importer_code is not null as is_repeated_importer,
        case when consignments.importer_code = 'unknown' then consignments.customs_value_vnd end
            as unknown_importer_value_vnd,
        case when consignments.importer_code = 'unknown' then 1 else 0 end
            as unknown_importer_parcel_count,
        case
            when consignments.importer_code <> 'unknown' and repeated_importers.importer_code is null
                then coalesce(consignments.customs_value_vnd, 0)
        end as importer_value_vnd,
        case
            when consignments.importer_code <> 'unknown' and repeated_importers.importer_code is null
                then 1
            else 0
        end as importer_count
    from consignments
    left join repeated_importers
        on consignments.day = repeated_importers.day
        and consignments.importer_code = repeated_importers.importer_code

)
{%- endmacro %}

{#- Of a group, the largest contribution below `largest`, which the group shares: the same again where
    two have it. -#}
{% macro second_largest(contribution, largest) -%}
case
            when count(case when {{ contribution }} = {{ largest }} then 1 end) > 1
                then max({{ contribution }})
            else max(case when {{ contribution }} < {{ largest }} then {{ contribution }} end)
        end
{%- endmacro %}
