-- Days of the run on which some model reads profiles.
select distinct day
from {{ ref('int_risk__modelled_types') }}
