"""Vietnamese addresses: taken apart, and which parts of them may stay in clear.

Add here a spelling or a place name (gazetteer/). Keep out: other personal values (conforming/).
"""
