"""Settings, logging and the network as data."""
