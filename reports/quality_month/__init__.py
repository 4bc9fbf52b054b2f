"""A month of gates and senders: the data quality report."""
