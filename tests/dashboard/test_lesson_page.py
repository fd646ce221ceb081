"""Lessons keep to their own plans, each try can be answered, and texts, notes and sheets say what the plans do."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import solara
from solara.routing import Router, router_context

from sim.dashboard.engine import compared
from sim.dashboard.lessons import BETS, FREE, LESSONS, Lesson, begun, lesson_of, set_back
from sim.dashboard.session import Session, session_context
from sim.dashboard.sliders import slide, sliders_of
from sim.dashboard.state import LANGUAGES, History, Plan, View, encode
from sim.stories.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEETS = Path(__file__).parents[2] / "docs" / "exercises"
STEPS = [(lesson, step) for lesson in LESSONS for step in range(len(lesson.steps))]


def at(lesson: Lesson, key: str) -> View:
    """A view at the beginning of a step."""
    return begun(View(), lesson, lesson.steps.index(key))


def named(name: str) -> Lesson:
    """A lesson that is there."""
    found = lesson_of(name)
    assert found is not None
    return found


def said_by(rendered: Any) -> str:
    """All texts of what was rendered."""
    import ipyvue

    return "\n".join(str(getattr(one, "unsafe_innerHTML", "")) for one in rendered.find(ipyvue.VueTemplate).widgets)


class Stage:
    """The lesson page without a browser; ``places`` are the addresses it went to."""

    def __init__(self, view: View) -> None:
        from sim.dashboard.pages.lesson import Guided

        self.session = Session(encode(view))
        self.places: list[str] = []
        session, places = self.session, self.places

        @solara.component
        def stage() -> None:
            session_context.provide(session)
            router_context.provide(Router("lesson", [], places.append))
            Guided()

        _, self.rendered = solara.render(stage(), handle_error=False)

    @property
    def widgets(self) -> list[Any]:
        """Vue components on the page."""
        import ipyvue

        return list(self.rendered.find(ipyvue.VueTemplate).widgets)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Buttons and sliders of the page."""
        return {row["id"]: row for one in self.widgets if "rows" in one.traits() for row in one.rows}

    def press(self, name: str) -> None:
        """Press the button of a name."""
        row = next(one for one in self.widgets if "rows" in one.traits() and name in [r["id"] for r in one.rows])
        row.vue_pressed(name)

    @property
    def shown(self) -> str:
        """What stands on the page."""
        return said_by(self.rendered)


@pytest.fixture
def stages() -> Iterator[Any]:
    """Open lesson pages, and close them at the end."""
    made: list[Stage] = []

    def open_page(view: View) -> Stage:
        made.append(Stage(view))
        return made[-1]

    yield open_page
    for one in made:
        one.session.latest.forget()
        one.rendered.close()


# --- a lesson shows its own plans


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_every_step_begins_with_what_belongs_to_it(lesson: Lesson, step: int) -> None:
    key = lesson.steps[step]
    lost = View(
        a=Plan("baseline"), seed=3, world=9, shown="b", parameters=(("trust_gain", 0.03),), bet="a", language="da"
    )
    view = begun(lost, lesson, step)
    assert lesson.fits(view, key)
    assert (view.seed, view.parameters, view.bet, view.shown) == (0, (), "", "a")
    assert (view.lesson, view.step, view.language) == (lesson.id, step, "da")
    assert view.a == Plan(lesson.plans[0])
    assert view.b == Plan(lesson.plans[0 if key in FREE and lesson.id == "campaign" else 1])


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_a_view_that_strayed_is_set_back_once_and_an_undo_leads_into_no_loop(lesson: Lesson, step: int) -> None:
    key = lesson.steps[step]
    before = View(a=Plan("positive-framing"), b=Plan("baseline"), seed=5)
    start = History(before).change(begun(before, lesson, step))
    assert set_back(start, lesson, step) is start

    undone = set_back(start.undo(), lesson, step)  # the undo led to what was before the lesson
    assert lesson.fits(undone.present, key)
    assert (undone.present, len(undone.past), undone.future) == (start.present, 1, ())

    other = start.change(replace(start.present, a=Plan("only-the-federation"), b=Plan("only-the-flagship")))
    for strayed in (
        other,
        other.change(replace(other.present, seed=8)),
        start.change(replace(start.present, parameters=(("trust_gain", 0.03),))),
        start.change(replace(start.present, measure="exits")),
    ):
        assert not lesson.fits(strayed.present, key)
        back = set_back(strayed, lesson, step)
        assert lesson.fits(back.present, key)
        for again in (back.undo(), back.redo()):
            assert lesson.fits(set_back(again, lesson, step).present, key)
        left = back.undo()
        while left.past:
            left = left.undo()
        assert left.present.question == before.question  # after the lesson one's own plans are still to be had


def test_what_is_tried_belongs_to_a_free_step_and_to_no_other() -> None:
    for lesson in LESSONS:
        view = at(lesson, "try")
        tone = sliders_of(view.b.scenario)[1][0].id
        tried = replace(view, b=slide(view.b, tone, 0.0))
        if lesson.sliders == "both":
            assert not lesson.fits(tried, "try")  # B alone: no longer the one difference
            tried = replace(tried, a=slide(view.a, tone, 0.0))
        assert [key for key in lesson.steps if lesson.fits(tried, key)] == list(FREE)
        assert lesson.fits(replace(tried, measure=lesson.measures[1]), "talk")
    campaign = named("campaign")
    assert not campaign.fits(replace(at(campaign, "try"), b=Plan("partner-in-calm-seas")), "try")
    assert not campaign.fits(replace(at(campaign, "try"), a=slide(Plan(campaign.plans[0]), "ask", 0.9)), "try")


def test_the_page_returns_to_its_plans_and_shows_nothing_of_others(stages: Any, monkeypatch: Any) -> None:
    asked: list[View] = []
    answer = Session.answer
    monkeypatch.setattr(Session, "answer", lambda self: asked.append(self.view) or answer(self))
    ideas = named("ideas")
    view = replace(at(ideas, "bet1"), bet="b")
    page = stages(view)
    page.session.show(a=Plan("flagship-first"), b=Plan("baseline"), seed=4, parameters=(("trust_gain", 0.03),))
    assert page.session.view == view
    page.session.undo()
    assert page.session.view.question == view.question
    assert asked
    assert all(ideas.fits(one, "bet1") for one in asked)
    assert "Your bet: Plan B. The model agrees." in page.shown


def test_undo_in_a_second_lesson_does_not_bring_the_plans_of_the_first(stages: Any) -> None:
    page = stages(View())
    page.press("campaign")
    page.press("leave")
    page.press("ideas")
    page.press("next")
    ideas = named("ideas")
    for _ in range(3):
        page.session.undo()
        assert ideas.fits(page.session.view, "bet1")
    page.press("b")
    assert page.session.view.bet == "b"
    assert "The model agrees." in page.shown


def test_undo_takes_back_what_was_tried_step_by_step(stages: Any) -> None:
    campaign = named("campaign")
    page = stages(at(campaign, "bet2"))
    page.session.show(bet="a")
    page.press("next")
    start = page.session.view
    assert start.a == start.b == Plan("campaign-while-partnering")
    page.session.move({"which": "b", "id": "campaign_tone", "value": 0.0, "fresh": True})
    page.press("next")
    assert page.session.view.step == 4
    assert page.session.view.b.scenario.plan[-1].tone == 0.0  # what was tried is there to talk about
    page.session.undo()
    assert page.session.view.b == start.b
    page.session.undo()
    assert page.session.view.b == start.b
    page.session.redo()
    assert page.session.view.b.scenario.plan[-1].tone == 0.0


def test_a_lesson_ends_in_explore_with_its_plans_or_at_the_choice(stages: Any) -> None:
    shadows = named("shadows")
    page = stages(at(shadows, "try"))
    page.session.move({"which": "both", "id": "campaign_weeks", "value": 16, "fresh": True})
    assert "explore" not in page.rows()
    page.press("next")
    tried = page.session.view.question
    assert "next" not in page.rows()
    page.press("explore")
    assert page.places == ["/explore"]
    assert page.session.view.question == tried
    page.press("leave")
    assert {lesson.id for lesson in LESSONS} <= set(page.rows())


def test_a_step_beyond_the_last_is_the_last(stages: Any) -> None:
    page = stages(replace(at(named("ideas"), "talk"), step=40))
    assert "Step 5 of 5" in page.shown
    page.press("back")
    assert page.session.view.step == 3


# --- what can be tried


def test_both_moves_both_plans_where_they_have_the_slider(stages: Any) -> None:
    page = stages(at(named("shadows"), "try"))
    before = page.session.view
    rows = page.rows()
    assert rows["campaign_weeks"]["value"] == 8
    page.session.move({"which": "both", "id": "campaign_weeks", "value": 20, "fresh": True})
    view = page.session.view
    assert {slider.id: value for slider, value in sliders_of(view.a.scenario)}["campaign_weeks"] == 20
    assert sliders_of(view.a.scenario) == sliders_of(view.b.scenario)
    assert page.rows()["campaign_weeks"]["value"] == 20
    page.session.undo()
    assert page.session.view.question == before.question

    alone = Session(encode(View(a=Plan("campaign-while-partnering"), b=Plan("baseline"))))
    alone.move({"which": "both", "id": "campaign_tone", "value": 0.0, "fresh": True})
    assert alone.view.a.scenario.plan[-1].tone == 0.0
    assert alone.view.b == Plan("baseline")
    before = alone.view
    for which in ("c", "ab", ""):
        alone.move({"which": which, "id": "campaign_tone", "value": 1.0, "fresh": True})
    assert alone.view == before


def test_both_outcomes_can_be_looked_at_in_the_free_steps(stages: Any) -> None:
    for lesson in LESSONS:
        page = stages(at(lesson, "try"))
        assert set(lesson.measures) <= set(page.rows())
        page.press(lesson.measures[1])
        assert page.session.view.measure == lesson.measures[1]
        page.press("next")
        assert page.session.view.measure == lesson.measures[1]


def found(name: str, measure: int, key: str = "try", **slid: float) -> tuple[str, float, float]:
    """Who is better in an outcome after some sliders were moved, and the shares of worlds of B and of A."""
    lesson = named(name)
    view = replace(at(lesson, key), measure=lesson.measures[measure])
    for slider, value in slid.items():
        view = replace(view, b=slide(view.b, slider, value))
        if lesson.sliders == "both":
            view = replace(view, a=slide(view.a, slider, value))
    assert lesson.fits(view, key) or key not in FREE
    comparison = compared(view, 1_000).comparison
    paired = comparison.results[0, 1][view.measure]
    more = paired.share_b_higher - paired.ties / 2.0
    less = 1.0 - paired.ties - more
    ahead = (less, more) if view.measure == "weeks_away" else (more, less)
    return comparison.better(view.measure, paired), *ahead


@pytest.mark.skip(reason="the answers tell the model before its revision; they are told anew once it is calibrated")
def test_the_model_answers_of_the_campaign_hold() -> None:
    for slid in ({"campaign_tone": 0.0}, {"campaign_tone": 0.5}, {"campaign_weeks": 1.0}, {"understanding": 1.0}):
        better, ahead, _ = found("campaign", 0, **slid)
        assert better == "B"
        assert ahead == pytest.approx(0.8, abs=0.06), slid
    assert found("campaign", 1, campaign_tone=0.0)[1] == pytest.approx(0.8, abs=0.06)
    better, _, behind = found("campaign", 0, campaign_weeks=16.0)
    assert (better, behind) == ("A", pytest.approx(0.8, abs=0.06))
    assert found("campaign", 0, campaign_week=75.0)[1] < 0.45
    assert found("campaign", 0, "bet1")[:2] == ("B", pytest.approx(0.83, abs=0.04))
    assert found("campaign", 1, "bet2")[0] == ""


@pytest.mark.skip(reason="the answers tell the model before its revision; they are told anew once it is calibrated")
def test_the_model_answers_of_the_ideas_hold() -> None:
    for share in (0.3, 0.4, 0.6):
        assert [found("ideas", one, ideas_told=share)[0] for one in (0, 1)] == ["B", "B"]
    assert found("ideas", 1, ideas_told=0.0)[::2] == ("A", pytest.approx(0.2, abs=0.05))
    assert found("ideas", 0, ideas_told=0.8)[1] < 0.25
    better, ahead, behind = found("ideas", 0, "bet1")
    assert (better, ahead) == ("B", pytest.approx(0.5, abs=0.05))
    assert behind < 0.1
    better, ahead, behind = found("ideas", 1, "bet2")
    assert better == ""
    assert ahead + behind == pytest.approx(0.2, abs=0.05)


@pytest.mark.skip(reason="the answers tell the model before its revision; they are told anew once it is calibrated")
def test_the_model_answers_of_the_shadows_hold() -> None:
    in_october = {"campaign_week": 110.0}
    assert found("shadows", 0, **in_october)[0] == ""
    for weeks in (16.0, 26.0):
        better, ahead, behind = found("shadows", 0, campaign_weeks=weeks, **in_october)
        assert (better, ahead, behind) == ("B", pytest.approx(0.4, abs=0.06), pytest.approx(0.1, abs=0.06))
        assert found("shadows", 1, campaign_weeks=weeks, **in_october)[0] == ""
    for one, key in ((0, "bet1"), (1, "bet2")):
        better, ahead, behind = found("shadows", one, key)
        assert (better, behind) == ("A", pytest.approx(0.5, abs=0.05))
        assert ahead < 0.12
    for slid in ({"campaign_tone": 0.0}, {"ask": 1.0}, {"ideas_told": 1.0}, {"knock": 8.0}, {"campaign_weeks": 26.0}):
        assert found("shadows", 0, **slid)[0] == "A"


def test_the_plans_are_what_the_texts_say() -> None:
    teaser = {action.verb: action for action in Plan("ideas-after-commitment").scenario.plan}["share_idea"]
    assert teaser.share_told == 0.2
    public, shadow = (Plan(name).scenario for name in named("shadows").plans)
    differ = {one.label for one, other in zip(public.plan, shadow.plan, strict=True) if one != other}
    assert differ == {"approach-flagship", "offer-terms"}
    assert {action.label: action for action in shadow.plan}["offer-terms"].menu == ("public", "shadow")
    calm, campaign = (Plan(name).scenario.plan for name in ("partner-in-calm-seas", "campaign-while-partnering"))
    launches = {action.when for plan in (calm, campaign) for action in plan if action.verb == "launch_campaign"}
    assert [str(day) for day in launches] == ["2015-02-09"]


# --- notes and sheets


def test_minutes_add_up_to_those_of_the_sheets() -> None:
    for lesson in LESSONS:
        assert len(lesson.times) == len(lesson.steps)
        for folder in (SHEETS, SHEETS / "nb", SHEETS / "da"):
            sheet = (folder / f"{lesson.id}.md").read_text(encoding="utf-8")
            said = re.search(r"(\d+) minut", sheet)
            assert said is not None
            assert int(said[1]) == lesson.minutes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_facilitator_has_an_answer_and_a_question_after_every_reveal(language: str) -> None:
    for lesson in LESSONS:
        answers = texts(language).words["lessons"][lesson.id]["answers"]
        assert list(answers) == ["bet1", "bet2", "try"]
        for usually, then in answers.values():
            assert usually
            assert then.endswith("?")
            assert not re.search(r"\d[.,]\d", usually)  # about so many of 10 worlds, never more exact


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notes_show_minutes_answer_and_question(language: str) -> None:
    from sim.dashboard.pages.lesson import Notes

    session = Session(encode(View(language=language)))

    @solara.component
    def stage(place: str) -> None:
        session_context.provide(session)
        router_context.provide(Router(place, []))
        Notes()

    words = texts(language)
    for step, key in enumerate(named("shadows").steps):
        place = f"notes?lesson=shadows&step={step}&language={language}&channel=abc1"
        _, rendered = solara.render(stage(place), handle_error=False)
        shown = said_by(rendered)
        rendered.close()
        assert words("lesson.step_minutes", minutes=named("shadows").times[step], whole=30) in shown
        has = words("lesson.usually") in shown
        assert has == (key in ("bet1", "bet2", "try"))
        assert (words("lesson.then") in shown) == has


def test_a_bet_is_one_of_three() -> None:
    assert all(f"bet_{one}" in texts("en").words["lesson"] for one in BETS)
