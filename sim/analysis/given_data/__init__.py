"""How outcomes move with sampled values, from the points of any sample."""
