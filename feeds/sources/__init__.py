"""One file per supplier; each ends in FEED."""
