"""What a door tells of itself: its contact, the exit button, the fire panel, the lid of its box."""
