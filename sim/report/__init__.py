"""Figures and the report: results as people read them."""
