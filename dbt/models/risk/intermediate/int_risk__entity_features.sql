-- Finding rates of whom a consignment goes through, as fitted models read them: what a fit is given. The
-- statement of a day asks for those alone that its models read (int_risk__entity_points).
{{ entity_features(entity_feature_kinds(), ref('int_risk__entities')) }}
