"""Where, among the points of a study, a thing happens."""
