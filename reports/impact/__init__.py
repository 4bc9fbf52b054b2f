"""The monthly impact report: one object, written as PDF, HTML, workbook and tidy files."""
