-- The cells that the goods of the run's days ask for, of every profile.
{% for profile in ['base'] + goods_profiles().keys() | list %}
select
    goods.day,
    {{ goods_columns('goods') }},
    '{{ profile }}' as profile_id,
    {% if profile == 'base' %}'' {% else %}{{ goods_cell(profile, 'goods') }} {% endif %}as cell_key
from {{ ref('int_risk__goods_days') }} as goods
inner join {{ ref('int_risk__modelled_days') }} as modelled
    on goods.day = modelled.day
{{ 'union all' if not loop.last }}
{% endfor %}
