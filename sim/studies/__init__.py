"""Many points at once: study files, shards that can be stopped and resumed, and what was found."""
