{#- Select of why a consignment was selected where it is not for its points: the draw, or an officer
    with the reason that was stated. One row per consignment of `selected` (consignment_id, day,
    selection_method) that was selected so; the columns are those of a reason. -#}
{% macro reasons_of_methods(selected) -%}
select
    selected.consignment_id,
    selected.day,
    sentences.reason_id,
    {%- for language in ['vi', 'en'] %}
    replace(sentences.text_{{ language }}, '{stated}', coalesce(stated.reason, '–'))
        as reason_{{ language }},
    {%- endfor %}
    instruments.number || ', ' || sentences.clause as reason_legal_basis
from {{ selected }} as selected
inner join {{ ref('risk_reasons') }} as sentences
    on sentences.reason_id = case selected.selection_method
        when 'random' then 'drawn_at_random'
        when 'manual' then 'selected_by_officer'
    end
left join {{ ref('legal_instruments') }} as instruments
    on sentences.legal_instrument_id = instruments.legal_instrument_id
left join (
    select
        consignment_id,
        consignment_day,
        max(reason) as reason
    from {{ ref('fct_selection_overrides') }}
    where override = 'select' and override_outcome = 'applied'
    group by
        consignment_id,
        consignment_day
) as stated
    on selected.day = stated.consignment_day
    and selected.consignment_id = stated.consignment_id
    and selected.selection_method = 'manual'
{%- endmacro %}

{#- Columns of the first reason (`names`) and of the whole list: of what was not selected for its
    points the reason of its method comes first. -#}
{% macro reason_columns(names, reasons, of_methods) -%}
    {%- for name in names %}
    case
        when {{ of_methods }}.consignment_id is null then {{ reasons }}.{{ name }}
        {%- if 'number' not in name %}
        else {{ of_methods }}.{{ name }}
        {%- endif %}
    end as {{ name }},
    {%- endfor %}
    {%- for language in ['vi', 'en'] %}
    coalesce(
        {{ of_methods }}.reason_{{ language }}
        || ' [' || {{ of_methods }}.reason_legal_basis || ']'
        || coalesce(' ' || {{ reasons }}.reasons_{{ language }}, ''),
        {{ reasons }}.reasons_{{ language }}
    ) as reasons_{{ language }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
