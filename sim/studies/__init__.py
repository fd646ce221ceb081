"""Questions put to many worlds at once: comparisons, sweeps, sensitivity, validation."""
