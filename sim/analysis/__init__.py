"""Questions put to worlds, one folder each: numbers, words, figure, page, answer."""
