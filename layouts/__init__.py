"""How it looks: pure functions from plain values to components."""
