"""A second model, written from the text of docs/odd.md: it uses no rule of the package and no numpy."""
