"""How a notice leaves: one module per medium, each with `send`.

Add here nothing; import the concrete submodule. Keep out: retries and states
(dispatch.py, outbox.py).
"""
