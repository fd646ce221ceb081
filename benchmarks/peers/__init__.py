"""Models that the package is measured against."""
