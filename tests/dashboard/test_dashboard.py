"""The dashboard without a browser: state and links, sliders, plans, charts, texts, the guard and the command."""

from __future__ import annotations

import asyncio
import json
import re
import string
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up import unpacked

import sim
from sim.analysis.comparison.page import command_line
from sim.analysis.comparison.words import Told
from sim.dashboard import charts, editing, files
from sim.dashboard.engine import Latest, compared, measures_of, whole
from sim.dashboard.guard import Guard
from sim.dashboard.lessons import LESSONS, outcome_of_bet
from sim.dashboard.pages.assumptions import search
from sim.dashboard.pages.why import worst_worlds
from sim.dashboard.server import check_origins
from sim.dashboard.sliders import MOST_SLIDERS, SLIDERS, slide, sliders_of
from sim.dashboard.state import (
    LANGUAGES,
    LONGEST_LINK,
    MOST_PARAMETERS,
    History,
    Plan,
    View,
    decode,
    encode,
    imported,
    read_seed,
    with_parameter,
)
from sim.dashboard.trajectory import packed, trajectory
from sim.errors import InputError
from sim.parameters import CORE
from sim.scenarios import VERBS, catalogue, scenario, warnings
from sim.scenarios.lessons import lessons
from sim.stories.plans import in_words, when_said
from sim.stories.texts import texts
from sim.vocabulary.kinds import KINDS
from sim.words.language import read_words

FOLDER = Path(sim.__file__).parent / "dashboard"


def small(**changes: Any) -> View:
    """A view whose worlds are short."""
    plan = Plan("campaign-while-partnering").with_changes({"weeks": 60, "firms": {"number": 20}})
    return View(a=plan, b=slide(plan, "campaign_tone", 0.0), **changes)


# --- state and links


def test_a_link_brings_everything_back() -> None:
    view = small(seed=7, world=3, shown="b", measure="exits", parameters=(("third_party_blame", 0.3),), language="nb")
    assert decode(encode(view)) == view
    assert decode("") == View()
    assert encode(View()) == ""
    assert len(encode(view)) < LONGEST_LINK


def test_links_of_all_scenarios_with_an_edit_are_short_enough_for_proxies() -> None:
    long = [name for name in catalogue() if len(encode(View(b=_edited(name)))) > LONGEST_LINK]
    assert long == []


def _edited(name: str) -> Plan:
    plan = Plan(name)
    sliders = sliders_of(plan.scenario)
    return slide(plan, sliders[0][0].id, sliders[0][0].low) if sliders else plan


@pytest.mark.parametrize("text", ["x", "AAAA", "eJw", "\u00e9", "eJyrVkosLcmIT8ssKi5RslJQKkotTk0syszPU6oFAGrxCH0"])
def test_what_is_no_link_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(text)
    assert "\n" not in str(caught.value)


def test_a_link_cannot_name_a_file_of_the_server_or_unpack_without_end(tmp_path: Path) -> None:
    file = tmp_path / "secret.toml"
    file.write_text(scenario("baseline").to_toml())
    with pytest.raises(InputError, match="sim scenarios"):
        decode(encode(View(b=Plan(str(file)))))
    with pytest.raises(InputError, match="more than"):
        decode(encode(View(bet="x" * 2_000_000)))
    for parent in (str(file), "../../secret", "/etc/passwd"):
        with pytest.raises(InputError, match="shipped scenario"):
            imported(f'extends = "{parent}"\ntitle = "x"\n')


def test_an_import_is_the_scenario_of_the_file() -> None:
    text = 'extends = "positive-framing"\ntitle = "mine"\n'
    assert imported(text).scenario.digest() == scenario("positive-framing").digest()
    assert decode(encode(View(b=imported(text)))).b.scenario.title == "mine"
    for bad in ("start = what", "x" * 10, '[[plan]]\nverb = "fly"\n'):
        with pytest.raises(InputError):
            imported(bad)


def test_undo_goes_back_by_changes_of_results_only() -> None:
    start = History()
    moved = start.change(View(b=Plan("baseline")))
    other = moved.change(View(b=Plan("baseline"), language="da", projector=True))
    assert len(other.past) == 1
    back = other.undo()
    assert back.present.b == View().b
    assert (back.present.language, back.present.projector) == ("da", True)
    assert back.redo().present.b == Plan("baseline")
    assert start.undo() is start


# --- sliders


def test_every_slider_reads_back_what_it_wrote() -> None:
    seen = set()
    for name in catalogue():
        plan = Plan(name)
        found = sliders_of(plan.scenario)
        assert len(found) <= MOST_SLIDERS
        for slider, value in found:
            assert slider.low <= value <= slider.high or slider.id == "campaign_week", (name, slider.id)
            wanted = slider.low + slider.step * round((slider.high - slider.low) / (2 * slider.step))
            again = {row.id: x for row, x in sliders_of(slide(plan, slider.id, wanted).scenario)}
            assert again[slider.id] == pytest.approx(min(wanted, slider.high)), (name, slider.id)
            seen.add(slider.id)
    assert seen == {slider.id for slider in SLIDERS}


def test_a_campaign_moves_with_its_survey_and_messenger() -> None:
    plan = slide(Plan("campaign-while-partnering"), "campaign_week", 75)
    dates = {action.label: action.when for action in plan.scenario.plan}
    assert dates["launch-campaign"] == scenario("campaign-a-year-later").plan[-1].when
    assert dates["recruit-storyteller"] < dates["launch-campaign"]
    assert dates["approach-federation"] == scenario("campaign-while-partnering").plan[0].when


# --- answers


def test_answers_are_those_of_the_package() -> None:
    view = small(measure="exits", seed=3)
    mine = compared(view, 40)
    other = sim.compare([view.a.scenario, view.b.scenario], 40, 3, measures=["exits"])
    assert unpacked(mine.comparison.results) == unpacked(other.results)
    assert compared(view, 40).comparison.ensembles[0] is mine.comparison.ensembles[0]
    assert set(whole(view, 20).measures) == set(measures_of((view.a.scenario, view.b.scenario)))


def test_equal_plans_are_identical() -> None:
    view = small()
    answer = compared(View(a=view.a, b=view.a), 20)
    judged = Told(answer.comparison).verdict(answer.measure, 1)
    assert (judged.short, judged.evidence, judged.leads) == ("The same in every world.", (), "")


def test_only_the_latest_question_is_answered() -> None:
    import threading

    latest, go, ready = Latest(), threading.Event(), threading.Event()
    got: list[int] = []

    def done(found: int) -> None:
        got.append(found)
        if len(got) == 2:
            ready.set()

    for number in range(5):
        go.wait(0.01)
        latest.ask([lambda wanted, number=number: go.wait(5) and number, lambda _, number=number: 10 * number], done)
    go.set()
    assert ready.wait(5)
    assert got == [4, 40]


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_plain_numbers_and_texts(language: str) -> None:
    import json

    answer = compared(small(measure="goal_share"), 30)
    words = texts(language)
    for large in (False, True):
        fan = charts.fan_option(answer.comparison, "goal_share", words, large=large)
        difference = charts.difference_option(answer.comparison, "goal_share", words, large=large)
        assert json.loads(json.dumps(fan, allow_nan=False)) == fan
        assert json.loads(json.dumps(difference, allow_nan=False)) == difference
    lines = [one for one in fan["series"] if one.get("name") == "A" and one["type"] == "line"]
    median = np.median(answer.comparison.ensembles[0].series["goal_share"][:, -1])
    assert lines[0]["data"][-1][1] == pytest.approx(100 * median, rel=1e-3)
    dots = [one for one in fan["series"] if one["type"] == "scatter"]
    assert [len(one["data"]) for one in dots] == [50, 50]
    shares = charts.share_bar(answer.comparison, "goal_share", words)
    assert sum(part["share"] for part in shares) == pytest.approx(1.0, abs=0.01)


def test_a_verdict_says_what_the_sentence_of_the_package_says() -> None:
    answer = compared(small(measure="goal_share"), 60)
    judged = Told(answer.comparison).verdict("goal_share", 1)
    assert answer.comparison.sentence("goal_share") == " ".join([f"Goal share: {judged.short}", *judged.evidence])
    assert Told(answer.comparison, so_far=True).verdict("goal_share", 1).short == f"So far: {judged.short}"


def test_one_outcome_of_a_page_has_the_verdict_of_the_whole_report() -> None:
    """The interval of a measure is that of all headline measures together, whichever is looked at."""
    view = small(measure="weeks_away")
    one = compared(view, 60).comparison.results[0, 1]["weeks_away"]
    assert repr(one) == repr(whole(view, 60).results[0, 1]["weeks_away"])  # with NaN in them, equal only as texts


# --- one world


def test_a_trajectory_is_the_world_of_the_ensemble() -> None:
    case = small().a.scenario
    one = trajectory(case, seed=5, replicate=2)
    ids = ["goal_share", "coverage", "trust_federation_ombud", "money_ombud"]
    worlds = sim.simulate(case, 3, 5, series=ids)
    goal, coverage, trust, money = (worlds.series[name][2] for name in ids)
    assert np.allclose(one.frames["goal"][1:], goal)
    assert np.allclose(one.frames["coverage"][1:], coverage)
    i, j = one.organisations.index("federation"), one.organisations.index("ombud")
    assert np.allclose(one.frames["trust"][1:, one.dyads.index((i, j))], trust)
    assert np.allclose(one.frames["money"][1:, j], money)
    assert [line["text"] for line in one.lines] == [line.text for line in sim.story(case, seed=5, replicate=2).lines]


def test_packed_frames_read_back() -> None:
    one = trajectory(small().a.scenario, seed=1)
    table, content = packed(one)
    assert set(table) == set(one.frames)
    for name, (offset, columns, kind) in table.items():
        values = one.frames[name].reshape(len(one.frames[name]), -1)
        dtype = "<f4" if kind == "float" else "u1"
        assert offset % np.dtype(dtype).itemsize == 0
        found = np.frombuffer(content, dtype, values.size, offset).reshape(values.shape)
        assert values.shape[1] == columns
        back = found / 250.0 if kind == "share" else found
        assert np.allclose(back, values, atol=0.0021 if kind == "share" else 1e-3)
    assert len(content) < 200_000


# --- plans


def test_every_shipped_plan_goes_through_the_form_unchanged() -> None:
    for name in catalogue():
        plan = Plan(name)
        for place, row in enumerate(editing.rows_of(plan.scenario)):
            fields = editing.row_fields(row)
            again = editing.act(plan, {"act": "apply", "row": place, "fields": fields})
            assert again.scenario.digest() == plan.scenario.digest(), (name, place, fields)


def test_plans_are_added_to_moved_and_cut() -> None:
    plan = Plan("campaign-while-partnering")
    more = editing.act(
        plan,
        {"act": "apply", "row": -1, "fields": {"verb": "apologise", "when": "60", "by": "ombud", "to": "federation"}},
    )
    assert more.scenario.plan[-1].verb == "apologise"
    moved = editing.act(more, {"act": "move", "row": len(more.scenario.plan) - 1, "by": -1})
    assert moved.scenario.plan[-2].verb == "apologise"
    cut = editing.act(moved, {"act": "remove", "row": len(more.scenario.plan) - 2})
    assert cut.scenario.digest() == plan.scenario.digest()


@pytest.mark.parametrize(
    "fields, place, words",
    [
        ({"verb": "launch_campaign", "when": "3", "by": "ombud", "tone": "2"}, "tone", "expected a number from 0 to 1"),
        ({"verb": "approach", "when": "3", "by": "ombud", "to": "nobody"}, "to", "nobody"),
        ({"verb": "approach", "when": "", "by": "ombud", "to": "ngo"}, "when", "expected a value"),
        ({"verb": "approach", "when": "exited(nobody)", "by": "ombud", "to": "ngo"}, "when", "nobody"),
        ({"verb": "fly", "when": "3"}, "verb", "expected one of"),
        ({"verb": "pause", "when": "3", "by": "ombud", "to": "ngo", "weeks": "many"}, "weeks", "whole number"),
    ],
)
def test_a_refusal_names_the_field_and_says_what_the_schema_says(fields: Any, place: str, words: str) -> None:
    with pytest.raises(editing.Refusal) as caught:
        editing.act(Plan("baseline"), {"act": "apply", "row": -1, "fields": fields})
    assert caught.value.field == place
    assert words in caught.value.text


@pytest.mark.parametrize(("language", "wanted"), [("nb", ", ventet "), ("da", ", forventede ")])
def test_what_the_schema_refuses_is_said_in_the_language_of_the_page(language: str, wanted: str) -> None:
    words = texts(language)
    good = {"by": "ombud", "to": "federation", "with": "federation", "when": "3", "tone": "0.5", "weeks": "4"}
    told: list[tuple[str, str]] = []
    for verb in ("launch_campaign", "approach", "pause", "hold_workshop", "publish_guide"):
        names = [field.name for field in editing.fields_of(verb)]
        for name in ("when", "by", "to", "with", "tone", "weeks", "label", "repeat_every"):
            for bad in ("", "abc", "-1", "exited(", "exited(nobody)", "coverage", "1800-01-01"):
                fields = {"verb": verb, **{key: good[key] for key in names if key in good}, name: bad}
                try:
                    editing.act(Plan("baseline"), {"act": "apply", "row": -1, "fields": fields})
                except editing.Refusal as refusal:
                    told.append((refusal.text, words.say(refusal.text)))
    assert len(told) > 50
    assert [one for one in told if wanted not in one[1]] == []
    # How to write an observable is the same in every language.
    ends = [(english.split(", expected ")[-1], other.split(wanted)[-1]) for english, other in told]
    assert {english for english, other in ends if english == other} <= {"exited(a, b) for 'exited'"}


def test_every_argument_of_every_verb_has_a_field() -> None:
    for verb, model in VERBS.items():
        names = {field.alias or name for name, field in model.model_fields.items()} - {"verb"}
        assert {field.name for field in editing.fields_of(verb)} == names


@pytest.mark.parametrize("row", [row for row in lessons() if row.kind == "lesson"], ids=lambda row: row.id)
def test_every_outcome_of_every_preset_can_be_drawn(row: Any) -> None:
    """Also those that are the same in every world, or missing in some."""
    a, b = (Plan(name) for name in row.compare[0][:2])
    comparison = whole(View(a=a, b=b), 6)
    words = texts("en")
    for name in measures_of((a.scenario, b.scenario)):
        for option in (
            charts.fan_option(comparison, name, words),
            charts.difference_option(comparison, name, words),
            charts.share_bar(comparison, name, words),
        ):
            json.dumps(option, allow_nan=False)
        axis = charts.fan_option(comparison, name, words)["yAxis"][0]
        assert axis["min"] < axis["max"]
        worst_worlds(comparison.ensembles[0], name)


# --- texts


def _keys(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= _keys(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return found


def _told(language: str) -> dict[str, Any]:
    """Words of a language but for the story, which has tests of its own, and the margins of figures, in English."""
    return {key: value for key, value in read_words(language).items() if key not in ("story", "short")}


def _holes(value: Any) -> Any:
    if isinstance(value, list):
        return [_holes(one) for one in value]
    return sorted({name for _, name, _, _ in string.Formatter().parse(value) if name})


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_language_has_every_text_with_the_same_holes(language: str) -> None:
    english, other = _keys(_told("en")), _keys(_told(language))
    # What stands in English in the scenarios and in the schema is in no English file of texts.
    elsewhere = {
        **{f"scenario.{name}": "" for name in catalogue()},
        **{f"question.{name}": "" for name in catalogue()},
        **{f"summary.{verb}": "" for verb in VERBS},
        **{f"assumption.{one}": "" for name in catalogue() for one in scenario(name).assumptions},
    }
    assert set(elsewhere) | set(english) == set(other)
    english = {**english, **{key: other[key] for key in elsewhere if key not in english}}
    assert [key for key in english if _holes(english[key]) != _holes(other[key])] == []
    same = [k for k in set(english) - set(elsewhere) if other[k] == english[k] and isinstance(english[k], str)]
    lazy = [key for key in same if len(english[key]) > 24 and key != "app.title"]
    assert lazy == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plans_are_told_in_every_language(language: str) -> None:
    words = texts(language)
    assert set(words.words["verb"]) == set(VERBS)
    fields = {field.name: field for verb in VERBS for field in editing.fields_of(verb)}
    assert set(words.words["field"]) == set(fields)
    assert set(words.words["choice"]) >= {
        one for verb in VERBS for row in editing.fields_of(verb) for one in row.choices
    }
    for name in catalogue():
        case = scenario(name)
        for action in case.plan:
            told = in_words(action, case, words)
            assert told
            assert "{" not in told
            assert language == "en" or told != in_words(action, case, texts("en"))
            assert when_said(action, case, words)
        if language != "en":
            assert words.question(case) != case.question
            assert [one for one in case.assumptions if words.assumption(one) == one] == []
            assert [one for one in warnings(case) if words.say(one) == one] == []


def test_what_a_users_file_says_stays_as_it_is() -> None:
    mine = imported('extends = "baseline"\nname = "baseline"\ntitle = "Mine"\nquestion = "Why me?"\n').scenario
    for language in LANGUAGES:
        assert texts(language).scenario(mine) == "Mine"
        assert texts(language).question(mine) == "Why me?"
        assert texts(language).assumption("my own") == texts(language).say("my own") == "my own"
    assert texts("nb").question(scenario("baseline")) != scenario("baseline").question


def test_an_action_is_said_with_its_arguments() -> None:
    case = scenario("campaign-while-partnering")
    told = [in_words(action, case, texts("nb")) for action in case.plan]
    assert "Likestillingsombudet starter en kampanje: 8 uker, kritisk tone 0,9" in " ".join(told)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_stories_are_told_whole_in_every_language(language: str) -> None:
    english, other = _keys(read_words("en")["story"]), _keys(read_words(language)["story"])
    names = {key for key in other if key.startswith("organisation.")}
    assert set(english) == set(other) - names

    def numbers(value: Any) -> Any:
        if isinstance(value, list):
            return len(value)
        return sorted({(hole, spec) for _, hole, spec, _ in string.Formatter().parse(value) if hole if hole.islower()})

    assert [key for key in english if numbers(english[key]) != numbers(other[key])] == []
    needed = {row.name for file in catalogue() for row in scenario(file).organisation if row.name}
    known = {key.removeprefix("organisation.") for key in names}
    assert sorted(row for row in needed - known if not any(sign.isdigit() for sign in row)) == []


def test_every_text_that_code_asks_for_is_there() -> None:
    known = _keys(texts("en").words)
    for path in FOLDER.rglob("*.py"):
        for key in re.findall(r"""words\("([a-z_]+(?:\.[a-z_0-9]+)+)\"""", path.read_text(encoding="utf-8")):
            assert key in known, f"{path.name}: {key}"
    assert set(texts("en").words["kind"]) == set(KINDS) - {"flagship"}
    assert set(texts("en").words["preset"]) == {row.id for row in lessons() if row.kind == "lesson"}
    assert (
        set(texts("en").words["slider"]) == {slider.id for slider in SLIDERS} == set(texts("en").words["slider_hint"])
    )
    for lesson in LESSONS:
        assert set(lesson.steps) <= set(texts("en").words["lessons"][lesson.id])
        assert {*texts("en").words["lessons"][lesson.id]["notes"]} == set(lesson.steps)
        assert all(len(row) == 4 for row in texts("en").words["lessons"][lesson.id]["notes"].values())


def test_numbers_are_written_as_the_language_does() -> None:
    assert texts("en").number(1234.5, 1) == "1,234.5"
    assert texts("nb").number(-1234.5, 1) == "\u22121\u00a0234,5"
    assert texts("da").number(1234.5, 1) == "1.234,5"
    assert texts("da").amount(0.25, "share") == "25\u00a0%"
    assert "2\u00a0014 personer" in sim.story("campaign-while-partnering", 7, weeks=60, language="nb").text()


def test_no_text_is_read_as_markup() -> None:
    """Titles come from files and links: pages escape them."""
    from sim.dashboard.pages import parts

    source = Path(parts.__file__).read_text(encoding="utf-8")
    assert "unsafe_innerHTML=html.escape(content)" in source
    for path in FOLDER.rglob("*"):
        if path.suffix in (".py", ".js", ".vue"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\bpickle\b|\beval\(|v-html|new Function", text), path.name
            assert not re.search(
                r"https?://(?!www\.w3\.org)[\w.]+\.\w", text.replace("https://dashboard.example.org", "")
            )


# --- assumptions


def test_parameters_are_changed_checked_and_taken_back() -> None:
    changed = with_parameter((), "trust_gain", " 0.05 ")
    assert changed == (("trust_gain", 0.05),)
    assert with_parameter(changed, "trust_gain", "") == ()
    assert with_parameter((), "trust_gain", "0.02") == (("trust_gain", 0.02),)  # held in all worlds
    assert decode(encode(View(parameters=changed, seed=9))).parameters == changed
    for name, typed, said in (
        ("trust_gain", "7", "0.005 to 0.05"),
        ("trust_gain", "much", "expected a number"),
        ("nothing", "1", "unknown parameter"),
        ("expect_low", "0.9", "no longer a parameter"),
    ):
        with pytest.raises(InputError, match=said):
            with_parameter((), name, typed)
    many = tuple((name, 1.0) for name in list(sim.parameters.REGISTRY)[:MOST_PARAMETERS])
    with pytest.raises(InputError, match="at most 12"):
        with_parameter(many, "trust_gain", "0.05")


def test_a_changed_parameter_changes_the_answer_and_can_be_undone() -> None:
    before = small(measure="exits")
    changed = small(measure="exits", parameters=with_parameter((), "exit_heat", "11"))
    assert compared(before, 60).comparison.results != compared(changed, 60).comparison.results
    history = History(before).change(changed)
    assert history.undo().present == before
    assert "--set exit_heat=11" in command_line(whole(changed, 60))


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "4294967296", "\u0663", "1" * 5_000, "seed"])
def test_what_is_no_seed_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="expected a whole number"):
        read_seed(typed)
    assert read_seed(" 17 ") == 17


def test_parameters_are_found_by_any_of_their_words() -> None:
    assert "trust_gain" in search("fast trust grows", texts("en"))
    assert "trust_gain" in search("tillit", texts("nb"))
    assert search("trust_gain", texts("en"))[0] == "trust_gain"
    assert search("no such thing at all", texts("da")) == []
    assert len(search("", texts("en"))) == len(CORE)


# --- lessons and files


def test_bets_are_held_against_the_model() -> None:
    view = View(a=Plan("campaign-while-partnering"), b=Plan("partner-in-calm-seas"), measure="weeks_away")
    comparison = compared(view, 100).comparison
    paired = comparison.results[0, 1]["weeks_away"]
    better = comparison.better("weeks_away", paired)
    assert better == "B"
    assert outcome_of_bet("b", paired, better) == "right"
    assert outcome_of_bet("a", paired, better) == outcome_of_bet("same", paired, better) == "wrong"
    assert outcome_of_bet("a", None, "") == "open_result"
    for lesson in LESSONS:
        known = measures_of(tuple(scenario(name) for name in lesson.plans))
        assert set(lesson.measures) <= set(known)


def test_every_row_of_the_table_says_what_made_it() -> None:
    import base64
    import io

    import pandas as pd

    view = small(parameters=(("trust_gain", 0.03),))
    made = files.file_of(view, "csv", 1)
    assert made is not None
    table = pd.read_csv(io.BytesIO(base64.b64decode(made["content"])))
    assert set(table["plan"]) == {"A", "B"}
    assert set(table["seed"]) == {view.seed}
    assert set(table["version"]) == {sim.__version__}
    assert set(table["parameters"]) == {"trust_gain = 0.03"}
    assert dict(zip(table["plan"], table["scenario"], strict=True)) == {
        letter: files.saved_scenario(plan, letter).name for letter, plan in (("A", view.a), ("B", view.b))
    }
    assert table.groupby("plan")["replicate"].apply(lambda one: list(one) == list(range(len(one)))).all()


def test_an_edited_plan_is_saved_under_a_name_of_its_own_and_its_report_can_be_repeated(tmp_path: Path) -> None:
    import base64

    plan = Plan("campaign-while-partnering")
    view = View(a=plan, b=slide(plan, "campaign_tone", 0.2))
    for kind in ("toml_a", "toml_b"):
        made = files.file_of(view, kind, 1)
        assert made is not None
        (tmp_path / made["name"]).write_bytes(base64.b64decode(made["content"]))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "campaign-while-partnering-edited-b.toml",
        "campaign-while-partnering.toml",
    ]
    saved = files.saved_comparison(view, 20)
    command = command_line(saved).split()
    assert command[2:4] == ["campaign-while-partnering", "campaign-while-partnering-edited-b.toml"]
    edited = sim.scenario(str(tmp_path / command[3]))
    assert "(edited)" in edited.title
    assert "edited" in edited.source
    again = sim.compare([command[2], edited], replicates=20, seed=0)
    assert unpacked(again.results[0, 1]["weeks_away"]) == unpacked(saved.results[0, 1]["weeks_away"])


def test_what_was_changed_is_listed_and_a_slider_put_back_is_no_change() -> None:
    plan = Plan("campaign-while-partnering")
    words = texts("en")
    sliders = {slider.id: value for slider, value in sliders_of(plan.scenario)}
    changed = slide(plan, "campaign_tone", 0.2)
    told = editing.changes_said(changed, words)
    assert [line.split(":")[0] for line in told] == ["no longer", "new"]
    assert "critical tone 0.2" in told[1]
    trait = slide(plan, "understanding", 0.8)
    assert len(editing.changes_said(trait, words)) == 1
    assert "0.8" in editing.changes_said(trait, words)[0]
    assert slide(changed, "campaign_tone", sliders["campaign_tone"]) == plan


def test_saved_plans_load_again() -> None:
    import base64

    view = small()
    for kind, plan in (("toml_a", view.a), ("toml_b", view.b)):
        made = files.file_of(view, kind, 1)
        assert made is not None
        text = base64.b64decode(made["content"]).decode()
        assert tomllib.loads(text)
        assert imported(text).scenario.digest() == plan.scenario.digest()
    assert files.file_of(view, "../../etc/passwd", 1) is None


# --- the guard


async def _application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        page = b'<!doctype html><html><head><meta name="viewport" content="user-scalable=no"></head></html>'
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(page)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "text": "heard"})


def _speak(
    guard: Guard, headers: dict[str, str], messages: list[Any], kind: str = "websocket", **scope: Any
) -> list[Any]:
    sent: list[Any] = []
    queue = [*messages]

    async def receive() -> Any:
        return queue.pop(0) if queue else {"type": f"{kind}.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(guard({"type": kind, "headers": raw, **scope}, receive, send))
    return sent


CONNECT = {"type": "websocket.connect"}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:1", "null", "", "http://localhost.evil:80"]
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    sent = _speak(Guard(_application), {"host": "localhost:8765", "origin": origin}, [CONNECT])
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_the_own_origin_and_named_ones_may_connect() -> None:
    guard = Guard(_application, ["https://studio.example"])
    for origin in ("http://localhost:8765", "https://studio.example"):
        sent = _speak(guard, {"host": "localhost:8765", "origin": origin}, [CONNECT])
        assert sent[0]["type"] == "websocket.accept"
    assert guard.open == 0


def test_large_messages_and_too_many_sessions_are_refused() -> None:
    own = {"host": "h", "origin": "http://h"}
    large = {"type": "websocket.receive", "text": "x" * 1_001}
    small_one = {"type": "websocket.receive", "text": "x"}
    sent = _speak(Guard(_application, frame=1_000), own, [CONNECT, small_one, large, small_one])
    assert [row["type"] for row in sent] == ["websocket.accept", "websocket.send", "websocket.close"]
    assert sent[-1]["code"] == 1009
    full = Guard(_application, sessions=1)
    full.open = 1
    assert _speak(full, own, [CONNECT])[0]["code"] == 1013
    posted = _speak(Guard(_application, frame=10), {"content-length": "11"}, [], "http", method="POST")
    assert posted[0]["status"] == 413


def test_pages_get_a_language_and_may_be_zoomed() -> None:
    sent = _speak(Guard(_application), {"accept": "text/html"}, [], "http", method="GET")
    body = sent[1]["body"]
    assert b'<html lang="en"' in body
    assert b"user-scalable" not in body
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(body)).encode()


def test_origins_of_the_environment_are_checked() -> None:
    assert check_origins(" https://a.example , http://b:80/") == ("https://a.example", "http://b:80")
    with pytest.raises(InputError, match="SIM_DASHBOARD_ORIGINS"):
        check_origins("a.example")


# --- the command


def test_the_command_without_its_extra_says_how_to_install_it(monkeypatch: Any, capsys: Any) -> None:
    from sim.cli import run_command
    from sim.dashboard import server

    monkeypatch.setattr(server, "missing", lambda: ["solara"])
    assert run_command(["dashboard"]) == 2
    said = capsys.readouterr().err
    assert "pip install 'partnership-dynamics[dashboard]'" in said
    assert len(said.strip().splitlines()) == 1


def test_the_command_refuses_what_it_cannot_use(capsys: Any) -> None:
    import socket

    from sim.cli import run_command

    assert run_command(["dashboard", "--scenario", "nothing-like-it"]) == 2
    assert run_command(["dashboard", "--port", "70000"]) == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert run_command(["dashboard", "--port", str(taken.getsockname()[1]), "--no-browser"]) == 2
    assert "expected a free port" in capsys.readouterr().err


def test_what_the_difference_hangs_on_and_the_map() -> None:
    from sim.dashboard import slider_map as module

    view = small(measure="exits")
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> bool:
        told.append((done, total))
        return True

    comparison = compared(view, 200).comparison
    curves = comparison.hangs.curves[1, "exits"]
    option = charts.tornado_option(curves, "exits", Told(comparison, "nb"))
    bars = option["series"][0]["data"]
    assert len(bars) == len(option["yAxis"]["data"]) == 12
    assert bars[-1]["value"] == pytest.approx(float(np.abs(curves.moves).max()), rel=1e-3)
    grey = [bar["value"] for bar in bars if bar["itemStyle"]["color"] == "#b3b3b3"]
    assert all(value <= curves.chance * 1.001 for value in grey)
    with pytest.raises(module.Stopped):
        module.slider_map(view, "campaign_tone", "campaign_weeks", lambda done, total: done < 3)

    drawn = module.slider_map(view, "campaign_tone", "campaign_weeks", tell)
    place = drawn.rows.index(min(drawn.rows)), drawn.columns.index(max(drawn.columns))
    plan = slide(slide(view.b, "campaign_tone", max(drawn.columns)), "campaign_weeks", min(drawn.rows))
    both = [sim.simulate(one.scenario, module.CELL_WORLDS, view.seed).outcomes["exits"] for one in (view.a, plan)]
    assert drawn.difference[place] == pytest.approx(float((both[1] - both[0]).mean()))
    with pytest.raises(InputError, match="sliders"):
        module.slider_map(view, "campaign_tone", "nothing", tell)


def test_the_worst_worlds_are_the_worst() -> None:

    ensemble = sim.simulate("campaign-while-partnering", 40, 1)
    found = worst_worlds(ensemble, "weeks_away")
    assert [value for _, value in found] == sorted(ensemble.outcomes["weeks_away"], reverse=True)[:4]
    assert all(ensemble.outcomes["weeks_away"][world] == value for world, value in found)
    best_is_more = worst_worlds(ensemble, "goal_share")
    assert best_is_more[0][1] == ensemble.outcomes["goal_share"].min()


def test_a_page_renders_without_a_browser() -> None:
    """Solara's own renderer: a slider moves, and what the chart gets changes."""
    import solara

    from sim.dashboard.pages.explore import Explore
    from sim.dashboard.session import Session, session_context
    from sim.dashboard.widgets import components

    session = Session(encode(small()))

    @solara.component
    def stage() -> None:
        session_context.provide(session)
        Explore()

    box, rendered = solara.render(stage(), handle_error=False)
    try:
        assert session.last is not None
        before = session.last.comparison.results[0, 1]
        session.move({"which": "b", "id": "campaign_tone", "value": 1.0, "fresh": True})
        assert session.view.b.scenario.plan[-1].tone == 1.0
        assert session.last.comparison.results[0, 1] != before
        session.undo()
        assert session.view == decode(encode(small()))
        session.move({"which": "b", "id": "campaign_tone", "value": 7.0, "fresh": True})
        assert session.view.b.scenario.plan[-1].tone == 1.0  # cut to the range of the slider
    finally:
        session.latest.forget()
        rendered.close()
    assert box is not None
    assert components.Chart
