-- What a change of the law would have done to past days: both sides by the same tax models, over the
-- same consignments; the response of prices and sales from drawn elasticities, with its band. Computed
-- by `import-risk scenario`, apart from the run (docs/scenarios.md).
select
    {{ scenario_columns() }}
from {{ ref('int_scenarios__results') }}
