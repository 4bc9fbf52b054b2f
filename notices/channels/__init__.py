"""How a notice leaves: one module per channel, each with `send`.

Add here nothing; import the concrete submodule. Keep out: retries and states
(dispatch.py, outbox.py).
"""
