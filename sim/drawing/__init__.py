"""Parts of figures: arrays in, matplotlib out; they know no type of ours."""
