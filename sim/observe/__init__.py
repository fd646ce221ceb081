"""Observing a world: tallies, outcome measures, weekly series and the story of its events."""
