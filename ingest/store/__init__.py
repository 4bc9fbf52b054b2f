"""What a delivery leaves on disk: ledger, raw files, quarantine, and how long.

Add here a kind of stored file. Keep out: reading deliveries (delivery.py).
"""
