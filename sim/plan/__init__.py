"""Plans: what the verbs of a plan cost, need and do, and how conditions read the world."""
