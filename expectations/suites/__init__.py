"""The rules themselves, as typed functions that return suites; one module per gate.

Add here a module for a new gate. Keep out: numbers (thresholds.py) and mechanics (gate.py).
"""
