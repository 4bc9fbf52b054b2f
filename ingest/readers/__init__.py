"""One module per wire format, all with the signature of registry.Reader.

Add here a format (README.md says how). Keep out: imports, so that one format never costs another.
"""
