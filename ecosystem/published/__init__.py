"""Results that a source has published, and ours beside them."""
