"""What a synthetic dataset is made of: places, nodes, links; all of it drawn from a seed."""
