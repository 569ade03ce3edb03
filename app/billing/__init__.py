"""Money: for now what past bookings would have cost under a card that is being drafted."""
