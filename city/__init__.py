"""What is so and what is allowed: no I/O, no clock, no chance."""
