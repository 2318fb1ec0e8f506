"""The clockwork: what time alone brings about."""
