"""The kiosk: one door that reads passes, decides alone, and tells the server afterwards."""
