"""HS headings of goods descriptions: terms of a text, a table of points, their sum."""
