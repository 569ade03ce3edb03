"""Hostile texts for doors: made by a grammar of our own papers, repeatable by their seed."""
