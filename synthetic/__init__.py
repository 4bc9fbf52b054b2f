"""A seeded generator of synthetic deliveries with planted typologies; entry point generate.py.

Add here nothing: import the concrete modules. Keep out: any row, name or number of a real
person.
"""
