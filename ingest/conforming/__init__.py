"""Inside the limited process: read rows become typed, tokenised rows, or broken rows with a reason.

Add here a rule of fields. Keep out: wire formats (readers/), what stays on disk (store/).
"""
