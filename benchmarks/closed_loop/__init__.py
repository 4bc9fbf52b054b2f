"""Months of selection, inspection and learning on one synthetic flow, strategies side by side.

Add here what a strategy decides, the flow holds or the picture shows. Keep out: anything the
product imports; claims about real flows (everything here is planted).
"""
