"""Engines: the same rows from a plain-Python reference, SQLite (also the phone's) and PostgreSQL."""
