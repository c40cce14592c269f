"""Statistics of an index and its data: correlations, consistency, components, influence, what a part changes."""
