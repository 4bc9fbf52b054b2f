-- Risk types whose model in force reads profiles, by day of the run: for others none are worked out.
select
    day,
    risk_type
from {{ ref('int_risk__models_in_force') }}
where kind = 'scorecard'
