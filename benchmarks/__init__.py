"""Benchmarks of the warehouse; each is a script, run as a module.

Add here a benchmark module. Keep out: anything the product imports.
"""
