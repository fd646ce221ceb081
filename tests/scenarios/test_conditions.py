"""Conditions: what is read, what is refused, and that a program means what its text says."""

from __future__ import annotations

import datetime
import warnings
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenarios.conditions import MAX_DEPTH, MAX_STACK, Condition, parse_condition
from sim.vocabulary.partnerships import State
from sim.vocabulary.quantities import OBSERVABLES
from sim.vocabulary.topics import Stage
from sim.vocabulary.uptake import Seen

ORGANISATIONS = ("ombud", "federation", "ngo")


def read(text: str, *, omniscient: bool = False) -> Condition:
    return parse_condition(text, ORGANISATIONS, initiator="ombud", omniscient=omniscient, where="f.toml")


def run(condition: Condition, values: dict[tuple[str, str, str, float], float]) -> tuple[bool, int]:
    """Run a program with a stack; return the truth and the height the stack reached."""
    stack: list[float] = []
    height = 0
    for step in condition.program:
        if step.op == "number":
            stack.append(step.number)
        elif step.op == "observe":
            stack.append(values[(step.name, step.a, step.b, step.number)])
        elif step.op == "not":
            stack.append(float(stack.pop() == 0.0))
        else:
            right, left = stack.pop(), stack.pop()
            result = {
                "<": left < right,
                "<=": left <= right,
                ">": left > right,
                ">=": left >= right,
                "==": left == right,
                "!=": left != right,
                "and": left != 0.0 and right != 0.0,
                "or": left != 0.0 or right != 0.0,
            }[step.op]
            stack.append(float(result))
        height = max(height, len(stack))
    (last,) = stack
    return last != 0.0, height


# A condition as text and as Python that means the same, over these values.
NUMBERS = {
    "coverage": ("coverage", "", "", 0.0),
    "coverage_mean(8)": ("coverage_mean", "", "", 8.0),
    "weeks_since_exit(federation)": ("weeks_since_exit", "ombud", "federation", 0.0),
    "told(ombud, ngo)": ("told", "ombud", "ngo", 0.0),
    "money(ngo)": ("money", "ngo", "", 0.0),
}
FLAGS = {
    "storm": ("storm", "", "", 0.0),
    "exited(federation)": ("exited", "ombud", "federation", 0.0),
    "campaign_running(ngo)": ("campaign_running", "ngo", "", 0.0),
}
STATE = ("state", "ombud", "federation", 0.0)

numbers = st.one_of(
    st.sampled_from(sorted(NUMBERS)).map(lambda text: (text, f"v[{NUMBERS[text]!r}]")),
    st.integers(0, 5).map(lambda number: (str(number), str(number))),
    st.sampled_from(["0.5", "1.5", "2e0", ".25"]).map(lambda number: (number, number)),
)
comparisons = st.tuples(numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers).map(
    lambda parts: (f"{parts[0][0]} {parts[1]} {parts[2][0]}", f"({parts[0][1]} {parts[1]} {parts[2][1]})")
)
texts = st.tuples(st.sampled_from(["==", "!="]), st.sampled_from(sorted(State.words()))).map(
    lambda parts: (
        f"state(ombud, federation) {parts[0]} '{parts[1]}'",
        f"(v[{STATE!r}] {parts[0]} {int(State.of(parts[1]))})",
    )
)
flags = st.sampled_from(sorted(FLAGS)).map(lambda text: (text, f"(v[{FLAGS[text]!r}] != 0)"))


def joined(word: str):
    """Build "(left) word (right)", as text and as Python."""

    def join(two):
        (left_text, left), (right_text, right) = two
        return f"({left_text}) {word} ({right_text})", f"({left} {word} {right})"

    return join


conditions = st.recursive(
    st.one_of(comparisons, texts, flags),
    lambda inner: st.one_of(
        inner.map(lambda one: (f"not({one[0]})", f"(not {one[1]})")),
        inner.map(lambda one: (f"({one[0]})", one[1])),
        st.tuples(inner, inner).map(joined("and")),
        st.tuples(inner, inner).map(joined("or")),
    ),
    max_leaves=8,
)
world = st.fixed_dictionaries(
    {key: st.integers(0, 5).map(float) for key in NUMBERS.values()}
    | {key: st.integers(0, 1).map(float) for key in FLAGS.values()}
    | {STATE: st.sampled_from(sorted(map(int, State))).map(float)}
)


@settings(max_examples=80, deadline=None)
@given(condition=conditions, values=world)
def test_a_program_means_what_the_text_says(condition, values):
    text, python = condition
    truth, height = run(read(text), values)
    assert truth == bool(eval(python, {"v": values}))
    assert height <= MAX_STACK


def test_precedence_is_not_then_and_then_or():
    values = {FLAGS["storm"]: 1.0, FLAGS["exited(federation)"]: 0.0, FLAGS["campaign_running(ngo)"]: 0.0}
    assert run(read("storm or exited(federation) and campaign_running(ngo)"), values)[0]
    assert not run(read("not storm == 1"), values)[0]
    assert run(read("not exited(federation) and storm"), values)[0]


def test_the_short_form_names_the_initiator():
    assert read("exited(federation)").program == read("exited(ombud, federation)").program
    assert read("money(ngo) > 1").program[0].a == "ngo"


def test_words_and_days_become_numbers():
    assert read("state(ombud, ngo) == 'informal'").program[1].number == State.INFORMAL
    assert read("decision(ombud, ngo) != 'alone'").program[1].number == Seen.ALONE
    assert read("policy == 'force'").program[1].number == Stage.FORCE
    day = datetime.date(2015, 2, 9).toordinal()
    assert read("'2015-02-09' <= date").program[0].number == day


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("\u00a0storm\nand\tstorms>007.", "storm and storms > 7"),
        ("storms == ٣or storms==0or storm", "storms == 3 or storms == 0 or storm"),
        ("storms > .5 and storms < 1E+1and storms != 2.e0", "storms > 0.5 and storms < 10 and storms != 2"),
        ("not not (storm)", "not (not storm)"),
        ("not storms == 1", "not (storms == 1)"),
        ("((storms))<=(((1)))", "storms <= 1"),
        ("storm and storm and storm or storm", "((storm and storm) and storm) or storm"),
        ("policy==('force')", "policy == 'force'"),
    ],
)
def test_what_may_be_written_in_more_than_one_way(text, same):
    assert read(text).program == read(same).program


@pytest.mark.parametrize("name", ["class", "and", "or", "not", "AND", "is", "None", "lambda", "Ørsted", "ﬁrm", "e5"])
def test_an_organisation_may_be_called_as_a_word_of_a_language(name):
    condition = parse_condition(f"not exited({name}, ngo) and told(ngo, {name}) > 0", [name, "ngo"])
    assert [(step.a, step.b) for step in condition.program if step.op == "observe"] == [(name, "ngo"), ("ngo", name)]


NO_STORMS = {FLAGS["storm"]: 0.0, ("storms", "", "", 0.0): 0.0, ("exited", "ombud", "ngo", 0.0): 1.0}


def test_deepest_nesting_stays_within_the_stack():
    flag = "storm"
    nested = f"{flag} or {flag} and (" * MAX_DEPTH + flag + ")" * MAX_DEPTH
    assert len(nested) <= 2_000
    assert run(read(nested), {FLAGS["storm"]: 1.0})[1] <= MAX_STACK


def test_levels_end_where_their_conditions_end():
    nots, brackets = "not " * (MAX_DEPTH - 2), "(" * MAX_DEPTH
    assert run(read(f"{nots}(not storm or (storm))"), {FLAGS["storm"]: 1.0})[0]
    assert run(read(f"{nots}not not storm and not {nots}(storms) == 0"), NO_STORMS)[0] is False
    assert run(read(f"{brackets}exited(ngo){')' * MAX_DEPTH} and not storm"), NO_STORMS)[0]


def test_hidden_state_is_open_to_the_omniscient():
    assert read("trust(federation) > 0.5", omniscient=True).program[0].b == "federation"
    assert read("credibility(ombud, employers) > 0.5", omniscient=True).program[0].b == "employers"
    assert read("heat(ngo) > 0.5", omniscient=True).program[0].a == "ngo"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("covrage < 10", "column 1: found 'covrage', expected an observable (did you mean 'coverage'?)"),
        ("open('x')", "column 1: calls a function, 'open'"),
        (
            "storm and exitd(federation)",
            "column 11: calls a function, 'exitd': expected an observable (did you mean",
        ),
        ("__import__('os') == 1", "calls a function"),
        ("trust(federation) > 0.5", "column 1: 'trust' is hidden from the actors"),
        ("storm or heat(ngo) > 0.5", "column 10: 'heat' is hidden"),
        ("expectation > 1", "hidden"),
        ("exited(a, b, c)", "found 3 arguments"),
        ("exited", "exited(a, b)"),
        ("storm(ombud)", "found 1 arguments for 'storm', expected storm"),
        ("money() > 1", "money(a)"),
        (
            "exited(federaton)",
            "unknown organisation 'federaton', expected one of ombud, federation, ngo (did you mean",
        ),
        ("exited(ombud)", "found 'ombud' with itself"),
        ("coverage == 'high'", "text 'high' is compared to a number (coverage)"),
        ("state(federation) == 3", "expected the same kind"),
        ("state(federation) == 'informl'", "(did you mean 'informal'?)"),
        ("state(federation) > 'informal'", "expected == or !="),
        ("policy == 'contact'", "expected one of 'none', 'agenda', 'promised', 'decided', 'force'"),
        ("decision(ngo) == 'quiet'", "expected one of"),
        ("state(federation) == policy", "expected the same kind"),
        ("date > '2015-13-01'", "expected a day as '2015-02-09'"),
        ("date > 2015", "expected the same kind"),
        ("coverage", "column 1: found coverage alone, expected a comparison"),
        ("1", "found 1 alone"),
        ("'storm'", "found 'storm' alone"),
        ("'media\nstorm'", "found 'media\\nstorm' alone"),
        ("coverage < 1 < 2", "column 14: found a second <"),
        ("(storm and storm) == 1", "between conditions"),
        ("storm storm", "column 7: found 'storm'"),
        ("storm and", "column 10: found 'the end'"),
        ("(storm", "expected )"),
        ("", "found 'the end'"),
        ("coverage = 3", "expected == to compare"),
        ("coverage + 1 > 3", "no arithmetic"),
        ('state(ngo) == "informal"', "single quotes"),
        ("state(ngo) == 'informal", "closing '"),
        ("coverage > 1; storm", "found ';'"),
        ("coverage.real > 1", "found '.'"),
        ("coverage_mean(1) > 3", "from 2 to 52"),
        ("coverage_mean(2.5) > 3", "from 2 to 52"),
        ("coverage > 1e999", "smaller number"),
        ("not " * (MAX_DEPTH + 1) + "storm", "nesting too deep"),
        ("(" * 900 + "storm" + ")" * 900, "nesting too deep"),
        ("storm or " * 300 + "storm", "expected at most 2,000"),
        ("not " * (MAX_DEPTH - 1) + "(not storm)", "column 126: nesting too deep"),
        ("(" * MAX_DEPTH + "not storm" + ")" * MAX_DEPTH, "column 33: nesting too deep"),
        ("coverage => 3", "column 10: found =>, expected >="),
        ("coverage =< 3", "column 10: found =<, expected <="),
        ("coverage <> 3", "column 10: found <>, expected !="),
        ("coverage ≥ 3", "column 10: found ≥, expected >="),
        ("storm && storm", "column 7: found &&, expected and"),
        ("storm || storm", "column 7: found ||, expected or"),
        ("! storm", "column 1: found !, expected not"),
        ("storm AND storm", "column 7: found 'AND', expected and"),
        ("storm Or (storm)", "column 7: found 'Or', expected or"),
        ("Not(storm)", "column 1: found 'Not', expected not"),
        ("state(ngo) == ‘informal’", "column 15: found ‘, expected straight single quotes, as in 'informal'"),
        ("state(ngo) == “informal”", "column 15: found “, expected straight single quotes"),
        ("money(Ørsted) > 1 and covrage < 1", "column 7: unknown organisation 'Ørsted'"),
        ("'ÆØÅ' == policy and covrage < 1", "column 21: found 'covrage'"),
        ("storm exited", "column 7: found 'exited', expected and, or, a comparison or the end"),
        ("exited ngo", "column 1: found 0 arguments for 'exited'"),
        ("storm)", "column 6: found ')', expected and, or, a comparison or the end"),
        ("storm) or (storm", "column 6: found ')'"),
        ("exited(", "column 8: found 'the end', expected exited(a, b) for 'exited'"),
        ("exited(ngo", "column 11: found 'the end', expected )"),
        ("exited(ngo,)", "column 12: found ')', expected exited(a, b)"),
        ("exited((ngo))", "column 8: found '(', expected exited(a, b)"),
        ("exited(ngo (ngo))", "column 8: found 'ngo(', expected exited(a, b)"),
        ("exited(*ngo)", "no arithmetic"),
        ("exited(a=ngo)", "expected == to compare"),
        ("exited('ngo')", "expected exited(a, b)"),
        ("(exited)(ngo)", "column 2: found 0 arguments"),
        ("exited(ngo)(ngo)", "column 12: found '('"),
        ("storm == not storm", "column 10: found 'not', expected an observable"),
        ("coverage < (1) < ((2))", "column 16: found a second <"),
        ("coverage is 1", "column 10: found 'is'"),
        ("coverage in 1", "column 10: found 'in'"),
        ("coverage > 1_000", "column 13: found '_000'"),
        ("coverage > 0x10", "column 13: found 'x10'"),
        ("coverage > 1j", "column 13: found 'j'"),
        ("policy == 'for' 'ce'", "column 17: found"),
        ("policy == 'force' ''", "column 19: found"),
        ("policy == r'force'", "column 11: found 'r', expected an observable"),
        ("policy == 'f\\x6frce'", "expected one of 'none'"),
        ("policy == 'force\n'", "found 'force\\n' for policy"),
        ("f'{storm}'", "column 1: found 'f', expected an observable"),
        ("lambda: storm", "column 7: found ':'"),
        ("storm if storm else storm", "column 7: found 'if'"),
        ("(storm := storm)", "column 8: found ':'"),
        ("storm, storm", "column 6: found ','"),
        ("storm # a storm", "column 7: found '#'"),
        ("𝐬torm", "column 1: found '𝐬torm', expected an observable (did you mean 'storm'?)"),
        ("storm\0", "column 6: found '\\x00'"),
        ("'\0\ud800' == policy", "column 1: found '\\x00\\ud800' for policy"),
        ("true", "column 1: found 'true', expected an observable"),
    ],
)
def test_what_is_no_condition_is_refused_in_one_line(text, part):
    with pytest.raises(InputError) as caught:
        read(text)
    message = str(caught.value)
    assert message.startswith("f.toml: column ")
    assert part in message
    assert "\n" not in message


WORDS = [*OBSERVABLES, "(", ")", ",", "and", "not", "<", "'", "1", "ngo"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_any_text_is_read_or_refused(text):
    try:
        found = len(read(text).program)
    except InputError as error:
        found = len(str(error).splitlines())
    assert found >= 1


PARTS = ["storm", "exited", "ngo", "1", "'x'", "(", ")", ",", "and", "not", "<"]


def test_no_order_of_parts_is_left_to_python_to_refuse():
    values = {FLAGS["storm"]: 1.0, ("exited", "ombud", "ngo", 0.0): 1.0}
    reasons = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for parts in product(PARTS, repeat=3):
            for text in (" ".join(parts), f"storm and (storm or {''.join(parts)})"):
                try:
                    run(read(text), values)
                except InputError as error:
                    reasons.append(str(error))
    assert [reason for reason in reasons if not reason.startswith("f.toml: column ")] == []


def test_every_observable_is_described():
    for name, entry in OBSERVABLES.items():
        assert name == entry.condition
        assert entry.meaning.endswith(".")
        assert (entry.kind == "text") == (entry.words is not None)
