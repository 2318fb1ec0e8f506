"""The pretend staff: they sit at the posts of the centre and of the departments, over the API."""
