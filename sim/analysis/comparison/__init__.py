"""Plans in the same worlds: what differs, how surely, and in how many worlds."""
