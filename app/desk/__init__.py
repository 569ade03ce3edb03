"""The concierge's screens: today, arrivals, departures."""
