"""How the map of a city is made from its sources; not needed to run the city."""
