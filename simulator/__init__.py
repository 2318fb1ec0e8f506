"""The pretend city; it speaks only MQTT."""
