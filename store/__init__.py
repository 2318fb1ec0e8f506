"""The one floor that knows Redis."""
