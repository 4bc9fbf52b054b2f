"""Texts of any delivery: their normal forms, match keys, check digits and what hides in them.

Add here a pure function of one text. Keep out: fields and contracts (conforming/), places
(places/).
"""
