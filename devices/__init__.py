"""The doorkeeper: what runs at a door, with no web framework and no database server."""
