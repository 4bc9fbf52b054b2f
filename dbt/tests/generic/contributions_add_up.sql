{#- The contributions of the members add up to the growth and the change of the whole, exactly, in every
    group that is compared and whose whole is not zero. -#}
{% test contributions_add_up(model, groups) %}
select
    {{ groups | join(', ') }},
    max(total_growth_bp) as total_growth_bp,
    sum(contribution_bp) as contribution_bp,
    max(total_change) as total_change,
    sum(change) as change
from {{ model }}
group by {{ groups | join(', ') }}
having
    sum(contribution_bp) <> max(total_growth_bp)
    or sum(change) <> max(total_change)
    or count(contribution_bp) not in (0, count(*))
    or (count(contribution_bp) = 0) <> (max(total_growth_bp) is null)
{% endtest %}
