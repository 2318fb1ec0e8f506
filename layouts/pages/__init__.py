"""A page is a title, a path and a tuple of panels."""
