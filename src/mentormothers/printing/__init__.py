"""Printed pages: what a ministry reads and signs, as HTML and as PDF with the same words.

`protocol_page` says what stands on the page of a protocol; `html` and `pdf` set it. Nothing here knows a database.
"""
