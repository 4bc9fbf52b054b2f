{#- Every reference finds its row: `columns` (one with a null refers to nothing) stand in `to`, there
    under the names `to_columns` where they differ; `except`: members of a single column that stand
    for no row; `where`: rows that are asked. With window_column only the run's days, or months, are read, in both tables where
    `columns` has the day. -#}
{% test foreign_keys(model, references, window_column=none) %}
{% for reference in references %}
{%- set columns = reference['columns'] -%}
{%- set to_columns = reference.get('to_columns', columns) -%}
select '{{ columns | join(', ') }}' as reference_columns,
    {% for column in columns -%}
    cast(child.{{ column }} as string){{ " || ' ' || " if not loop.last }}
    {%- endfor %} as missing_key
from (
    select {{ columns | join(', ') }}
    from {{ model }}
    where
        {% for column in columns -%}
        {{ column }} is not null{{ ' and ' if not loop.last }}
        {%- endfor %}
        {% if 'except' in reference -%}
        and {{ columns[0] }} not in ('{{ reference['except'] | join("', '") }}')
        {%- endif %}
        {% if 'where' in reference -%}
        and {{ reference['where'] }}
        {%- endif %}
        {% if window_column -%}
        and {{ in_window(window_column) }}
        {%- endif %}
) as child
where not exists (
    select 1
    from {{ reference['to'] }} as parent
    where
        {% for column in to_columns -%}
        parent.{{ column }} = child.{{ columns[loop.index0] }}{{ ' and ' if not loop.last }}
        {%- endfor %}
        {% if window_column == 'day' and 'day' in columns -%}
        and {{ in_window('parent.day') }}
        {%- endif %}
)
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
