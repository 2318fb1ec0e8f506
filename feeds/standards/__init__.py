"""One file per published format: bytes to plain values."""
