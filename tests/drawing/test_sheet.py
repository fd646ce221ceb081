"""The sheet of a figure: panels as high as asked for, nothing cut off, the same every time."""

from __future__ import annotations

import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from sim.drawing.export import as_png, as_svg
from sim.drawing.sheet import axes_inches, in_rows, sheet, text_inches, wrapped

LONG = "a title that is so long that it has to be broken " * 2


def drawn(panels, heights, **more):
    """Draw panels with titles and labels that are too long for them."""
    legend = [Line2D([], [], label=f"the {k}th of nine things that are shown") for k in range(9)]
    foot = "  ·  ".join(f"fact {k}" for k in range(40))
    with sheet(panels, heights, title=LONG, lead=LONG * 2, legend=legend, notes="how", foot=foot, **more) as found:
        for axes in found[1].values():
            axes.plot([0.0, 1.0], [0.0, 1.0])
            axes.set(
                xlabel=LONG, ylabel="label", xticks=[0.0, 1.0], yticks=[0.0, 1.0], yticklabels=["none", "nearly all"]
            )
            axes.set_title(LONG)
            axes.annotate("beside", (1.02, 0.5), xycoords="axes fraction", annotation_clip=False)
    return found


@pytest.mark.parametrize(
    ("panels", "heights"), [(in_rows(5, 3), [2.0, 3.0]), ([["a", "b"], ["a", "c"]], [1.0, 2.5]), ([["one"]], [0.7])]
)
def test_panels_are_as_high_as_asked_for_and_nothing_is_cut_off_or_overlaps(panels, heights):
    figure, axes = drawn(panels, heights)
    for one in axes.values():
        rows = one.get_subplotspec().rowspan
        if len(rows) == 1:
            assert axes_inches(one)[1] == pytest.approx(heights[rows.start], abs=0.02)
    figure.draw_without_rendering()
    texts = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    boxes = [one.get_window_extent() for one in texts]
    for k, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        assert figure.bbox.count_contains(box.get_points()) == 2, text
        assert not any(box.overlaps(other) for other in boxes[:k]), text


def test_a_sheet_can_have_no_panels_and_is_as_low_as_its_texts():
    figure, axes = drawn([], [])
    assert axes == {}
    assert figure.axes == []
    assert figure.get_figheight() < drawn([["one"]], [1.0])[0].get_figheight() - 1.0


def test_the_same_sheet_has_the_same_bytes_however_often_it_is_drawn():
    figure, _ = drawn(in_rows(3, 2), [1.0, 1.0])
    first = as_png(figure), as_svg(figure)
    assert (as_png(figure), as_svg(figure)) == first
    assert as_png(drawn(in_rows(3, 2), [1.0, 1.0])[0]) == first[0]


def test_lines_are_as_wide_as_there_is_room_and_words_break_only_if_they_must():
    lines = wrapped("one two three-four five", text_inches("three-four")).split("\n")
    assert lines == ["one two", "three-four", "five"]
    assert wrapped("one three-four", text_inches("three-")).split("\n") == ["one", "three-", "four"]
    assert wrapped("first\nsecond", 9.0) == "first\nsecond"
    facts = wrapped("some facts  ·  and more", text_inches("some facts  ·  a")).split("\n")
    assert facts == ["some facts", "and more"]


def test_rows_are_filled_one_after_the_other():
    assert in_rows(4, 3) == [[0, 1, 2], [3, ".", "."]]
    assert in_rows(2, 3) == [[0, 1]]
    assert in_rows(0, 3) == []
