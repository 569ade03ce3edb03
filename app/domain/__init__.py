"""The rules of the house: standard library only, no clock, no randomness, no I/O."""
