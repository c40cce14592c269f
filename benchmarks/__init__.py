"""What the program takes, as ratios against named rivals in the same run."""
