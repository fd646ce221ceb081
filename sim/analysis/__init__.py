"""Questions put to worlds, one folder each: numbers, words, figure, answer; the comparison has a page, too."""
