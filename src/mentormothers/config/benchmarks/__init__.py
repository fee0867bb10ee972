"""Benchmarks: how fast the programme is beside what the machine could do at best, measured in the same run."""
