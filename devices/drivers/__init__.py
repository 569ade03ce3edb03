"""What touches the world at a door: one folder for each kind of reader or lock."""
