"""The answer of a comparison in plain words: the trade-off, the verdict on a measure, and what it hangs on.

One engine for the command line, the report, the brief, the notebook and the dashboard, in every language.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.comparison.numbers import EUR_AN_HOUR
from sim.ensemble import OFTEN_REFUSED
from sim.observe.measures import split
from sim.parameters import REGISTRY
from sim.scenarios import SHADOW_CAVEAT
from sim.statistics import LEAST_DIFFERING, Verdict, share_interval
from sim.stories.plans import in_words, not_ready, short
from sim.stories.texts import texts
from sim.words.amounts import amount_in_words, degree, duration, two_digits
from sim.words.language import ENGLISH, SHARES, Said
from sim.words.numbers import capital, decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.comparison.numbers import Compared
    from sim.analysis.curves import Driver, Worth
    from sim.statistics import Paired

#: Words that a sentence of the answer has at most.
LONGEST = 25
#: Share of the plausible assumptions from which on a verdict is said to turn.
TURNS = 0.10
#: What finding a value out has to be worth to be told, beside the smallest difference that matters.
WORTH = 0.10
#: Verdicts told beside the goal's.
_MOST_TOLD = 5
#: Share of equal worlds from which on a difference of the average is told with it.
_MOSTLY = 0.5
#: Words of a title that are told.
_LONGEST_TITLE = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict in words.

    Attributes
    ----------
    word
        In a table: "B better".
    short
        In a sentence.
    evidence
        What it rests on, a sentence each.
    leads
        Letter of the plan that is better; empty where that is not known.
    """

    word: str
    short: str
    evidence: tuple[str, ...]
    leads: str


class Told:
    """Says what was found, in one language.

    Parameters
    ----------
    compared
        What was compared.
    language
        Code of the language.
    so_far
        Whether more worlds are on their way: then nothing is final, and what takes longer than a slider is left out.
    """

    def __init__(self, compared: Compared, language: str = ENGLISH, *, so_far: bool = False) -> None:
        self.compared = compared
        self.words = texts(language)
        self.so_far = so_far

    # ------------------------------------------------------------------ names

    def plan(self, position: int) -> str:
        """Name a plan by what it does: its title, or its letter where that does not tell it from the others."""
        titles = [" ".join(self.words.scenario(one).split()) for one in self.compared.scenarios]
        for names in ([_cut(title.partition(":")[0]) for title in titles], [_cut(title) for title in titles]):
            if names[position] and names.count(names[position]) == 1:
                return self.words("answer.quoted", title=names[position])
        return self.words("answer.letter", letter=self.compared.letters[position])

    def label(self, measure: str) -> str:
        """Name a measure in the middle of a sentence."""
        label = self.words.measure(measure, self.compared.scenarios[0])
        label = label.partition(": ")[0] if measure == "goal_share" else label
        return label if label[:2].isupper() else label[:1].lower() + label[1:]

    def horizon(self) -> str:
        """How long the plans run."""
        return duration(min(one.weeks for one in self.compared.scenarios), self.words)

    def value(self, name: str, *, bare: bool = False) -> str:
        """Name an uncertain value: a parameter, or how things stood at the start; ``bare`` without quotation marks."""
        about = REGISTRY.get(name)
        title = (
            self.words.measure(name, self.compared.scenarios[0])
            if about is None
            else self.words.maybe("parameter", name, capital(about.words))
        )
        return title if bare else self.words("answer.quoted", title=title)

    def driver(self, one: Driver | Worth) -> str:
        """Name what a difference hangs on, with what is known only together with it."""
        if not one.together:
            return self.value(one.name)
        others = self._listed([self.value(name) for name in one.together[:1]])
        return self.words("answer.together", name=self.value(one.name), others=others)

    def _listed(self, parts: Sequence[str]) -> str:
        if len(parts) < 2:
            return "".join(parts)
        return self.words("answer.and", first=", ".join(parts[:-1]), last=parts[-1])

    # ------------------------------------------------------------------ one measure

    def verdict(self, measure: str, b: int) -> Judged:
        """Say the verdict on a later plan against the first one in one measure, and what it rests on."""
        compared, words = self.compared, self.words
        paired = compared.results[0, b].get(measure)
        if paired is None:
            return Judged(words("judged.word_none"), words("judged.nothing"), (), "")
        direction = compared.describe(measure).direction
        kind, leads, told = self._kind(measure, b, paired)
        neutral = "" if direction or kind not in _SIDED else ("_higher" if kind != "better" else "")
        key = "higher" if kind == "better" and not direction else f"{kind}{neutral}"
        short = words(f"judged.{key}", **told)
        word = words(_word_key(kind, direction), leads=leads or "B")
        if self.so_far and kind not in ("outside", "unlike_time", "did_not_happen", "lacking", "nothing"):
            short = words("judged.so_far", verdict=short)
        evidence = tuple(self._evidence(measure, b, paired, kind))
        return Judged(word, short, evidence, leads if direction and kind in ("better", "turns") else "")

    def _kind(self, measure: str, b: int, paired: Paired) -> tuple[str, str, dict[str, str]]:
        """Kind of the verdict, the letter of the plan in front, and what the sentence needs."""
        compared = self.compared
        direction = compared.describe(measure).direction
        letters = (compared.letters[0], compared.letters[b])
        for_a, _, for_b = paired.ahead(direction)
        front = 1 if (paired.difference > 0.0) == (direction >= 0) else 0
        leads, other = letters[front], letters[1 - front]
        told = {"leads": leads, "other": other}
        verdict = paired.verdict
        if verdict is Verdict.NONE:
            return self._unanswered(measure, b), "", self._lacking(measure, b)
        if verdict in (Verdict.HIGHER, Verdict.LOWER):
            turns = math.nan if self.so_far else compared.turns(measure, b)
            if turns > TURNS and compared.hangs.drivers(b, measure):
                return "turns", leads, told | {"driver": self.value(compared.hangs.drivers(b, measure)[0].name)}
            shares = (for_b, for_a) if front else (for_a, for_b)
            told |= {"worlds": self.words.worlds(shares[0]), "fewer": self.words.of_100(shares[1])}
            return "better", leads, told
        if verdict is Verdict.SAME:
            return ("same" if paired.differing else "equal"), "", {}
        if verdict is Verdict.RARE:
            return "rare", "", self._counted(paired)
        if paired.low > 0.0 or paired.high < 0.0:
            return "lean", leads, told
        if paired.low > -paired.matters or paired.high < paired.matters:
            front = 1 if (paired.low > -paired.matters) == (direction >= 0) else 0
            return "perhaps", letters[front], {"leads": letters[front], "other": letters[1 - front]}
        return "open", "", {}

    def _unanswered(self, measure: str, b: int) -> str:
        compared = self.compared
        if not compared.results[0, b][measure].pairs_used:
            return "nothing"
        if measure not in compared.headline:
            return "outside"
        if compared.unlike(b):
            return "unlike_time"
        return "lacking" if compared.answered(b) else "did_not_happen"

    def _lacking(self, measure: str, b: int) -> dict[str, str]:
        missing = self.compared.missing(measure)
        number = self.words.number
        return {"a": number(missing[0], 0), "b": number(missing[b], 0), "letter": self.compared.letters[b]}

    def _counted(self, paired: Paired) -> dict[str, str]:
        return {"number": self.words.number(paired.differing, 0), "worlds": self.words.number(paired.pairs_used, 0)}

    def difference(self, measure: str, paired: Paired, *, bare: bool = False) -> tuple[str, str, str]:
        """Write a difference and the ends of its interval, the unit at the first; ``bare`` only that of shares."""
        words, unit = self.words, self.compared.describe(measure).unit
        # A difference of shares counts in percentage points.
        scale = 100.0 if unit in SHARES else 1.0
        half = (paired.high - paired.low) / 2.0 if math.isfinite(paired.low) else abs(paired.difference) / 10.0
        digits = decimals(scale * half, scale * paired.difference)
        after = words("verdict.points") if unit in SHARES else "" if bare else words.unit(unit)
        written = words.number(scale * paired.difference, digits, sign=True) + (f"\u00a0{after}" if after else "")
        low, high = (words.number(scale * end, digits) for end in (paired.low, paired.high))
        return written, low, high

    def size(self, measure: str, value: float) -> str:
        """Write how far something moves a measure."""
        unit = self.compared.describe(measure).unit
        shown = 100.0 * value if unit in SHARES else value
        after = self.words("verdict.points") if unit in SHARES else self.words.unit(unit)
        return self.words.number(float(f"{shown:.2g}"), sign=True) + (f"\u00a0{after}" if after else "")

    def matter(self, measure: str, paired: Paired) -> str:
        """Write the smallest difference that matters."""
        unit = self.compared.describe(measure).unit
        if unit in SHARES:
            return self.words("amount.points", n=two_digits(100.0 * paired.matters, self.words))
        after = self.words.unit(unit)
        return two_digits(paired.matters, self.words) + (f"\u00a0{after}" if after else "")

    def _evidence(self, measure: str, b: int, paired: Paired, kind: str) -> list[str]:
        words, letter = self.words, self.compared.letters[b]
        if not paired.pairs_used or not paired.differing:
            return []
        found = []
        difference, low, high = self.difference(measure, paired)
        matters = self.matter(measure, paired)
        if kind == "rare":
            found.append(words("judged.size", letter=letter, difference=words.number(paired.size, sign=True)))
        elif math.isfinite(paired.low):
            found.append(
                words("judged.difference", letter=letter, difference=difference, low=low, high=high, matters=matters)
            )
        else:
            found.append(words("judged.difference_only", letter=letter, difference=difference, matters=matters))
        found.append(self.worlds(measure, b, paired))
        if paired.verdict is Verdict.UNDECIDED and not (self.so_far or math.isnan(paired.worlds_needed)):
            found.append(self.advice(measure, b, paired))
        return found

    def worlds(self, measure: str, b: int, paired: Paired) -> str:
        """Say in what share of the worlds which plan is ahead, with the exact interval of the later one's."""
        direction = self.compared.describe(measure).direction
        for_a, equal, for_b = paired.ahead(direction)
        low, high = share_interval(paired.lower if direction < 0 else paired.higher, paired.pairs_used)
        of_100 = self.words.of_100
        return self.words(
            "judged.worlds", letter=self.compared.letters[b], for_a=of_100(for_a), equal=of_100(equal),
            for_b=self.words.worlds(for_b), low=self.words.number(math.floor(100.0 * low), 0),
            high=self.words.number(math.ceil(100.0 * high), 0),
        )  # fmt: skip

    def advice(self, measure: str, b: int, paired: Paired) -> str:
        """Say how many worlds give a verdict, or that none do."""
        if math.isfinite(paired.worlds_needed):
            return self.words("judged.needed", worlds=self.words.number(paired.worlds_needed, 0))
        drivers = self.compared.hangs.drivers(b, measure)
        if drivers:
            return self.words("judged.never_knowing", driver=self.value(drivers[0].name))
        return self.words("judged.never")

    def at(self, measure: str, b: int, times: float) -> str:
        """Say the verdict in a word, if the smallest difference that matters were some times what it is."""
        paired = self.compared.results[0, b][measure]
        judged = paired.judged(times * paired.matters)
        direction = self.compared.describe(measure).direction
        ahead = {Verdict.HIGHER: direction >= 0, Verdict.LOWER: direction < 0}
        if judged in ahead:
            leads = self.compared.letters[b if ahead[judged] else 0]
            return self.words(f"judged.word_{'better' if direction else 'higher'}", leads=leads)
        key = "equal" if judged is Verdict.SAME and not paired.differing else judged.value
        return self.words(f"judged.word_{key}")

    # ------------------------------------------------------------------ the answer

    def answer(self, *, short: bool = False) -> list[str]:
        """Say the trade-off: what happened at all, the goal, and what else differs by more than matters.

        ``short`` says a sentence for each of several plans.
        """
        found = self.refused()
        plans = range(1, len(self.compared.ensembles))
        answered = [b for b in plans if self.compared.answered(b)]
        unlike = [(b, self.compared.unlike(b)) for b in plans if self.compared.unlike(b)]
        for b, what in unlike:
            lead = f"{capital(self.plan(b))}: " if len(plans) > 1 else ""
            found.append(lead + self.words("answer.unlike_start" if what == "start" else "answer.unlike_time"))
        if len(plans) > 1 and answered:
            found.append(self.words("answer.against", horizon=self.horizon(), plan=self.plan(0)))
            found += [sentence for b in answered for sentence in self._in_short(b, short=short)]
        else:
            found += [sentence for b in answered for sentence in self._trade_off(b)]
        if self.so_far:
            found.insert(0, self.words("answer.so_far", worlds=self.words.number(self.compared.replicates, 0)))
        return found

    def _in_short(self, b: int, *, short: bool) -> list[str]:
        """Say one of several plans: the goal with what differs most for the worse, then what it gains."""
        name = self.compared.goal
        results = self.compared.results[0, b]
        parts = [self._clause(b, name, results[name])] if name in results else []
        gains, losses = self._others(b)
        for phrase in losses:
            if len(f"{self.plan(b)} {'; '.join([*parts, phrase])}".split()) <= LONGEST:
                parts.append(phrase)
        found = [f"{capital(self.plan(b))}: {'; '.join(parts)}."]
        if gains and not short:
            found += [
                capital(one) for one in self._sentences("but" if parts[1:] else "more", self.words("answer.it"), gains)
            ]
        return found

    def _clause(self, b: int, name: str, paired: Paired) -> str:
        """Say the goal of one of several plans, without the plan and the horizon."""
        kind = self._kind(name, b, paired)[0]
        if kind in ("better", "turns", "lean"):
            less = self.words("answer.perhaps_less") if kind == "lean" else ""
            return self.phrase(name, paired) + less
        row, _ = split(name, None)
        if kind in ("same", "equal"):
            alike = self.words("answer.same", label=self.label(name))
            return _lower(self.words.maybe("alike", row.key if row else "", alike))
        return f"{self.label(name)} {self.words(f'judged.word_{_WORD.get(kind, kind)}')}"

    def _trade_off(self, b: int) -> list[str]:
        compared, words = self.compared, self.words
        results = compared.results[0, b]
        told = [self._goal(b)] if compared.goal in results else []
        gains, losses = self._others(b)
        subject = self.plan(b)
        goal = results.get(compared.goal)
        named = goal is not None and goal.verdict in (Verdict.HIGHER, Verdict.LOWER)
        it = words("answer.it")
        if named and goal is not None and compared.better(compared.goal, goal) == "A":
            told += self._sentences("also", it, losses) + self._sentences("but", it, gains)
        else:
            told += self._sentences("more", it if named else subject, gains)
            told += self._sentences("but", it, losses) if named or gains else self._sentences("more", subject, losses)
        if named and goal is not None:
            told += self._turning(b)
        others = [row for name, row in results.items() if name in compared.headline and name != compared.goal]
        settled = (Verdict.HIGHER, Verdict.LOWER)
        costs = [results.get(name) for name in ("cost_eur", "cost_hours") if name != compared.goal]
        if not any(row.verdict in settled for row in others) and any(row.verdict is Verdict.SAME for row in others):
            told.append(words("answer.nothing_else"))
        elif len(costs) == 2 and all(one is not None and one.verdict is Verdict.SAME for one in costs):
            told.append(words("answer.free"))
        return [capital(one) for one in told]

    def _goal(self, b: int) -> str:
        compared, words = self.compared, self.words
        name = compared.goal
        paired = compared.results[0, b][name]
        over = words("answer.over", horizon=self.horizon())
        label = self.label(name)
        kind, leads, _ = self._kind(name, b, paired)
        if kind in ("better", "turns"):
            return words("answer.ahead", over=over, plan=self.plan(b), phrase=self.phrase(name, paired))
        if kind == "lean":
            return words("answer.lean", over=over, plan=self.plan(b), phrase=self.phrase(name, paired))
        if kind == "same":
            row, _ = split(name, None)
            alike = words.maybe("alike", row.key if row else "", words("answer.same", label=label))
            return words("answer.alike", over=over, alike=alike)
        if kind in ("lacking", "nothing", "outside"):
            return f"{capital(label)}: {words(f'judged.{kind}', **self._lacking(name, b))}"
        if kind == "perhaps" and compared.describe(name).direction:
            front = compared.letters.index(leads)
            return words("answer.perhaps", over=over, plan=self.plan(front), label=label)
        if kind in ("equal", "rare"):
            return words(f"answer.{kind}", over=over, label=label, **self._counted(paired))
        return words(
            f"answer.{'open' if compared.describe(name).direction else 'open_neutral'}", over=over, label=label
        )

    def _others(self, b: int) -> tuple[list[str], list[str]]:
        """Phrases of what else differs by more than matters: gains of the later plan, and losses.

        Of measures about the same thing, the one that differs most is told.
        """
        compared = self.compared
        first = compared.scenarios[0].goal.measures
        chosen = []
        for theme in compared.themes:
            if compared.goal in theme:
                continue
            for side in ("A", "B"):
                rows = [
                    (abs(paired.difference) / (paired.matters or 1.0), name, paired)
                    for name in theme
                    if (paired := compared.results[0, b].get(name)) is not None
                    and compared.better(name, paired) == side
                ]
                if rows:
                    chosen.append(max(rows, key=lambda row: row[0]))
        chosen.sort(key=lambda row: (row[1] not in first, -row[0]))
        found: tuple[list[str], list[str]] = ([], [])
        for _, name, paired in chosen[:_MOST_TOLD]:
            phrase = self.phrase(name, paired)
            equal = paired.equal / paired.pairs_used
            if equal >= _MOSTLY:
                phrase = self.words("answer.equal_in", phrase=phrase, worlds=self.words.worlds(equal))
            found[compared.better(name, paired) == "A"].append(phrase)
        return found

    def _sentences(self, key: str, subject: str, phrases: list[str]) -> list[str]:
        """Put phrases into as few sentences as their length allows."""
        found: list[str] = []
        taken: list[str] = []
        for phrase in phrases:
            longer = self.words(f"answer.{key}", plan=subject, phrases=self._listed([*taken, phrase]))
            if taken and len(longer.split()) > LONGEST:
                found.append(self.words(f"answer.{key}", plan=subject, phrases=self._listed(taken)))
                taken, subject, key = [], self.words("answer.it"), "more"
            taken.append(phrase)
        if taken:
            found.append(self.words(f"answer.{key}", plan=subject, phrases=self._listed(taken)))
        return found

    def _turning(self, b: int) -> list[str]:
        """Say how far the verdict on the goal hangs on assumptions."""
        compared = self.compared
        if self.so_far:
            return []
        share = compared.turns(compared.goal, b)
        drivers = compared.hangs.drivers(b, compared.goal)
        if not share > TURNS or not drivers:
            return []
        return [self.words("answer.average", share=self.words.number(round(100.0 * share), 0)), self._turn(drivers[0])]

    def _turn(self, driver: Driver) -> str:
        if math.isnan(driver.turns_at):
            return self.words("answer.turns", driver=self.value(driver.name))
        value = two_digits(driver.turns_at, self.words)
        return self.words("answer.turns_at", driver=self.value(driver.name), value=value)

    def phrase(self, measure: str, paired: Paired) -> str:
        """Say what the later plan does in a measure, beginning with a verb."""
        compared, words = self.compared, self.words
        row, arguments = split(measure, compared.scenarios[0].organisation_ids)
        unit = compared.describe(measure).unit
        size = abs(paired.difference)
        amount = amount_in_words(size, unit, words)
        key = row.key if row is not None else ""
        pair = words.words["differs"].get(key) or words.words["differs"]["amount" if amount else "degree"]
        names = [
            words.maybe("audience", one, "") or words.named(words.organisation(compared.scenarios[0], one))
            for one in arguments
        ]
        i, j = (*names, "", "")[:2]
        shown = 100.0 * size if unit in SHARES else size
        if shown >= 1.0 and unit not in SHARES:  # there are no halves of firms, persons and hours
            shown = round(shown)
        return str(pair[0 if paired.difference > 0.0 else 1]).format(
            n=two_digits(shown, words), amount=amount, label=self.label(measure), i=i, j=j,
            degree=degree(size, paired.matters, words),
        )  # fmt: skip

    # ------------------------------------------------------------------ what it hangs on

    def hangs(self) -> list[str]:
        """Say what the goal difference hangs on, where it turns, and what is worth finding out first."""
        compared, words = self.compared, self.words
        found = compared.hangs
        label = self.label(compared.goal)
        plans = [b for b in range(1, len(compared.ensembles)) if compared.answered(b)]
        if not plans:
            return []
        if found.why_not:
            worlds = words.number(compared.replicates, 0)
            return [capital(words(f"answer.hangs_{found.why_not}", label=label, worlds=worlds))]
        told = []
        several = len(compared.ensembles) > 2
        for b in plans:
            first, *rest = self.hangs_on(compared.goal, b)
            told += [f"{compared.letters[b]}: {first}" if several else first, *rest]
        if not compared.describe(compared.goal).direction:
            return [capital(one) for one in told]
        telling = [one for one in found.worth if one.worth >= WORTH * compared.matter(compared.goal)]
        for one in telling[:3]:
            unit = compared.describe(compared.goal).unit
            size = 100.0 * one.worth if unit in SHARES else one.worth
            after = words("verdict.points") if unit in SHARES else words.unit(unit)
            amount = two_digits(size, words) + (f" {after}" if after else "")
            told.append(words("answer.worth", driver=self.driver(one), amount=amount, label=self.label(compared.goal)))
        if not telling:
            told.append(words("answer.worth_none", worlds=words.number(found.worlds, 0)))
        return [capital(one) for one in told]

    def hangs_on(self, measure: str, b: int) -> list[str]:
        """Say what the difference of a later plan in one measure hangs on, and where it turns."""
        if not self.compared.results[0, b][measure].differing:
            return [self.words("answer.hangs_equal", label=self.label(measure))]
        drivers = self.compared.hangs.drivers(b, measure)[:3]
        if not drivers:
            return [self.words("answer.hangs_none")]
        names = self._listed([self.driver(one) for one in drivers])
        verdict = self.compared.results[0, b][measure].verdict
        turning = [one for one in drivers if not math.isnan(one.turns_at) and verdict is not Verdict.SAME]
        told = self.words("answer.hangs", names=names, label=self.label(measure))
        return [told, *(self._turn(one) for one in turning)]

    # ------------------------------------------------------------------ what was refused

    def refused(self) -> list[str]:
        """Say which plans did not happen, and what came to nothing."""
        compared, words = self.compared, self.words
        told = []
        for position in range(len(compared.ensembles)):
            scenario = compared.scenarios[position]
            for one in compared.undone[position]:
                action = scenario.plan[one.action]
                told.append(
                    words(
                        "answer.came_to_nothing" if one.outcome else "answer.did_not_happen",
                        plan=capital(self.plan(position)),
                        action=short(action, words),
                        worlds=words.worlds(one.share),
                        reason=not_ready(action, one.reason, scenario, words),
                    )
                )
            if not compared.happened(position):
                told.append(words("answer.no_verdict"))
        return list(dict.fromkeys(told))

    def often_refused(self) -> list[str]:
        """Say what else was refused in a tenth of the worlds or more, plan by plan."""
        found: dict[str, list[str]] = {}
        for letter, ensemble in zip(self.compared.letters, self.compared.ensembles, strict=True):
            for row in ensemble.refusals.to_dict("records"):
                if row["share"] < OFTEN_REFUSED:
                    continue
                action = ensemble.scenario.plan[int(row["action"])]
                reason = not_ready(action, str(row["reason"]), ensemble.scenario, self.words)
                said = self.words("answer.refused", worlds=self.words.worlds(float(row["share"])), reason=reason)
                text = f"{_lower(in_words(action, ensemble.scenario, self.words))}: {said}"
                found.setdefault(text, []).append(letter)
        return [f"{', '.join(letters)}: {text}" for text, letters in found.items()]


_WORD = {"perhaps": "undecided", "open": "undecided"}
_SIDED = ("better", "turns", "lean", "perhaps", "open")


def _word_key(kind: str, direction: int) -> str:
    if kind in ("better", "turns"):
        key = kind if direction else {"better": "higher", "turns": "turns_higher"}[kind]
    else:
        key = {"same": "same", "equal": "equal", "rare": "rare"}.get(kind, "undecided" if kind in _SIDED else "none")
    return f"judged.word_{key}"


def _cut(title: str) -> str:
    """Shorten a long title to some words."""
    parts = title.split()
    return title if len(parts) <= _LONGEST_TITLE else " ".join(parts[:_LONGEST_TITLE]) + " …"


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def cost_sentence(compared: Compared) -> str:
    """What a further year with the measures costs under each plan; empty where the case is about something else."""
    if "firm_years" not in compared.headline:
        return ""
    told = (
        f"{letter} wins no more than one" if math.isnan(cost) else f"{letter} {cost:,.0f} EUR"
        for letter, cost in zip(compared.letters, compared.cost_per_firm_year, strict=True)
    )
    hours = f"an hour counts {EUR_AN_HOUR:g} EUR"
    return f"Cost of each further firm-year with the measures, against nobody acting: {'; '.join(told)} ({hours})."


def caveats(compared: Compared) -> list[str]:
    """What a reader has to know before believing the numbers."""
    found: list[str] = []
    hidden = [
        letter
        for letter, scenario in zip(compared.letters, compared.scenarios, strict=True)
        if scenario.shadow_strategy
    ]
    if hidden:
        found.append(f"{' and '.join(hidden)}: {SHADOW_CAVEAT}")
    found += unlike(compared)
    for letter, scenario in zip(compared.letters, compared.scenarios, strict=True):
        if scenario.policy.demand is not None:
            found.append(f"{letter}: {scenario.policy.consequence}")
    if compared.replicates < LEAST_DIFFERING:
        worlds = "1 world" if compared.replicates == 1 else f"{compared.replicates} worlds"
        found.append(f"only {worlds}: too few for an interval, unless the unit bounds the difference")
    for letter, ensemble in zip(compared.letters, compared.ensembles, strict=True):
        if ensemble.clips:
            found.append(f"{letter}: {ensemble.clips:,} values left their range and were cut back")
    return found + Told(compared).often_refused()


def unlike(compared: Compared) -> list[Said]:
    """What differs besides the plans: a difference in outcomes is then not theirs alone."""
    found = []
    if any(compared.unlike(b) for b in range(1, len(compared.ensembles))):
        times = [
            Said("time", plan=letter, weeks=one.weeks, start=str(one.start))
            for letter, one in zip(compared.letters, compared.scenarios, strict=True)
        ]
        found.append(Said("times", times=times))
    worlds_of = {
        (tuple(sorted(one.organisation_ids)), one.firms.number, one.topic, one.dyad) for one in compared.scenarios
    }
    if len(worlds_of) > 1:
        found.append(Said("unlike"))
    return found
