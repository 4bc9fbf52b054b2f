"""The report for the steering committee against smuggling, trade fraud and counterfeit (389)."""
