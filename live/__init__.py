"""What browsers look at, and the frames that show it."""
