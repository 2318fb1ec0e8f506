"""Claims about speed, measured."""
