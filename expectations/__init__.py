"""Quality gates: is a delivery fit to load (gate 1), is a build fit to publish (gate 2).

Add here nothing; import the concrete submodule. Keep out: wiring, and everything that imports
Great Expectations at import time (only engine.py may, and only a running gate imports it).
"""
