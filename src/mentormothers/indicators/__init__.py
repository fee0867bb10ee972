"""Indicators: what a number counts, over which period and by which options, in words that a person can check.

One file for each indicator in `programme/indicators`. Nothing here reads facts: engines count (`engines`), and
`rows` says how their counts are printed.
"""
