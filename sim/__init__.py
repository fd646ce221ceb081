"""The simulated world of an ombud and its partners."""
