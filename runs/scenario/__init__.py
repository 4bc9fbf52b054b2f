"""What a change of the law would have done to a past period, by the warehouse's own models."""
