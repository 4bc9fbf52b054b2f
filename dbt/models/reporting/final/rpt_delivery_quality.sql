-- How well each sender reports, per source and day of receipt.
select
    received_date,
    source_name,
    coalesce(sender, 'unknown') as sender,
    count(*) as files,
    count(*) filter (where status = 'accepted') as files_accepted,
    count(*) filter (where status = 'refused') as files_refused,
    count(*) filter (where status = 'duplicate') as files_duplicate,
    cast(coalesce(sum(rows_in), 0) as bigint) as rows_in,
    cast(coalesce(sum(rows_accepted), 0) as bigint) as rows_accepted,
    cast(coalesce(sum(rows_quarantined), 0) as bigint) as rows_quarantined,
    cast(coalesce(sum(rows_duplicate), 0) as bigint) as rows_duplicate,
    {{ share_in_millionths('coalesce(sum(rows_quarantined), 0)', 'sum(rows_in)') }}
        as quarantined_share_millionths
from {{ ref('fct_delivery_outcomes') }}
group by received_date, source_name, coalesce(sender, 'unknown')
