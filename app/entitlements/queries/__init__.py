"""Reads of rights: which may be spent, what is left of them, and what became of each."""
