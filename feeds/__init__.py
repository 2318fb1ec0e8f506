"""From a supplier's bytes to the log: intakes, decoding, the batch core."""
