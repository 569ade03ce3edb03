"""Prices: the rate cards of the sites, by version, and the quotes they give."""
