"""Functions that write the generated blocks, by what they are about."""
