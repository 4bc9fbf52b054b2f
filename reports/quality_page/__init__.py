"""The quality page of a run: one HTML file that says whether the figures can be trusted, and why.

Add here nothing; import page.py. Keep out: judging (expectations/); the page repeats verdicts.
"""
