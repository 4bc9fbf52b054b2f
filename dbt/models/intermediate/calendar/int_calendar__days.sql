{{ config(materialized='table') }}

-- Days of the run's window. Offsets are doubled up from a single bit (2, 4, 16, 256, 65,536 of
-- them): no engine-specific series, and a window of up to 179 years.
with bits as (

    select 0 as day_offset
    union all
    select 1 as day_offset

),

{% set steps = [('bits', 'pairs'), ('pairs', 'nibbles'), ('nibbles', 'bytes'), ('bytes', 'words')] %}
{% for smaller, larger in steps %}
{{ larger }} as (

    select low.day_offset + high.day_offset * sizes.row_count as day_offset
    from {{ smaller }} as low
    cross join {{ smaller }} as high
    cross join (select count(*) as row_count from {{ smaller }}) as sizes

),

{% endfor %}
bounds as (

    select from_day, to_day
    from {{ source('raw', 'run_window') }}

)

select {{ add_days('bounds.from_day', 'words.day_offset') }} as day
from bounds
cross join words
where {{ add_days('bounds.from_day', 'words.day_offset') }} <= bounds.to_day
