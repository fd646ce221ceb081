"""Everything that people read, one folder a language: a new one is found by being there."""
