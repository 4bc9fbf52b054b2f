-- The current version of every parcel.
{{ current_records(
    ref('stg_manifests__parcel_versions'),
    ref('stg_manifests__parcel_ranks'),
    'parcel_manifest',
    ['house_waybill_number']
) }}
