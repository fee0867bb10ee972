"""Follow-up: who needs us first and why, and who is asked to look for whom."""
