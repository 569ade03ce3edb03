"""Rules and parts of people that need neither database nor Flask."""
