"""Measures against floors of the same run: ``make bench`` prints a table; nothing here is a test.

The machine is shared, so only ratios count, and both sides of each are measured in turns.
"""
