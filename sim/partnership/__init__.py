"""What two organisations share: how they come together, work, trust, part and return."""
