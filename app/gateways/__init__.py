"""The outside world: one Protocol each, the real one and its twin."""
