"""Which plan does well enough wherever the truth lies."""
