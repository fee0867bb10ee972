"""Numbers over a period and a set of sites, each from one definition, each with its receipt."""
