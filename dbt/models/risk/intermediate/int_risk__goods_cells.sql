-- The cells that the goods of the run's days ask for, of every profile.
{{ goods_cells(ref('int_risk__modelled_days')) }}
