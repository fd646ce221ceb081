"""On which factors an outcome hangs."""
