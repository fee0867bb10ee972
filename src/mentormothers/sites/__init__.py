"""Places: countries, districts, facilities from real lists, and the sites where the programme works."""
