"""The demo: synthetic people, made through the same gates as real work."""
