{#- Select of the facts of indicators in `values_of` with their codes in the words of each language (seed
    risk_fact_labels); a list has several codes. What has no label there stands as it is. -#}
{% macro facts_in_words(values_of) -%}
{%- set codes -%}
replace(replace(replace(fact_value, '["', ''), '"]', ''), '","', ' ')
{%- endset -%}
with codes_of_lists as (

    select
        consignment_id,
        day,
        risk_type,
        indicator_id,
        fact_key,
        {{ each_word(codes) }} as code
    from {{ values_of }}
    where value_type = 'list'

),

words_of_lists as (

    select
        codes_of_lists.consignment_id,
        codes_of_lists.day,
        codes_of_lists.risk_type,
        codes_of_lists.indicator_id,
        codes_of_lists.fact_key,
        {{ join_sorted('labels.label_vi', ', ') }} as label_vi,
        {{ join_sorted('labels.label_en', ', ') }} as label_en
    from codes_of_lists
    inner join {{ ref('risk_fact_labels') }} as labels
        on codes_of_lists.indicator_id = labels.indicator_id
        and codes_of_lists.fact_key = labels.fact_key
        and codes_of_lists.code = labels.code
    group by
        codes_of_lists.consignment_id,
        codes_of_lists.day,
        codes_of_lists.risk_type,
        codes_of_lists.indicator_id,
        codes_of_lists.fact_key

)

select
    values_of.*,
    {% for language in ['vi', 'en'] %}
    coalesce(words_of_lists.label_{{ language }}, labels.label_{{ language }}, values_of.fact_value)
        as value_{{ language }},
    {% endfor %}
    try_cast(values_of.fact_value as double) / values_of.scale as fact_number
from {{ values_of }} as values_of
left join {{ ref('risk_fact_labels') }} as labels
    on values_of.indicator_id = labels.indicator_id
    and values_of.fact_key = labels.fact_key
    and values_of.fact_value = labels.code
left join words_of_lists
    on values_of.day = words_of_lists.day
    and values_of.consignment_id = words_of_lists.consignment_id
    and values_of.risk_type = words_of_lists.risk_type
    and values_of.indicator_id = words_of_lists.indicator_id
    and values_of.fact_key = words_of_lists.fact_key
{%- endmacro %}
