"""From a sample file to a checked sender profile, by asking; nothing is stored or guessed.

Add here a question or a piece of evidence. Keep out: deliveries (delivery.py).
"""
