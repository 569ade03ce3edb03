"""The page of a door: a full screen served to the browser of this very machine, and to no other."""
