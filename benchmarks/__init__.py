"""Benchmarks: how fast the model is, as ratios against a plain Mesa model of the same rules."""
