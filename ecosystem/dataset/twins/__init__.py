"""What the twin of an index is made of: calibrated values, then organisations and links that add up to them."""
