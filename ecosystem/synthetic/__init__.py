"""Made-up datasets: random ones from a seed, and the twin of an index."""
