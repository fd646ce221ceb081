"""The pages of the documentation, and the scripts that keep them current."""
