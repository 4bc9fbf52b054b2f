"""Reference data: code lists and tariffs that the models join, each with date, licence, origin.

Add here nothing: a kind belongs in catalogue.py. Keep out: deliveries (contracts), law (dbt seeds).
"""
