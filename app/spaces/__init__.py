"""Places: operators, sites, buildings, spaces, units, doors, and who occupies them when."""
