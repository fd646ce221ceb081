"""Warnings: a plan that is sound but cannot do what it seems to want."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sim.parameters import REGISTRY
from sim.scenarios.actions import (
    Action,
    Approach,
    HoldWorkshop,
    Inform,
    LaunchCampaign,
    OfferTerms,
    Reapproach,
    RecruitMessenger,
    SetStrategy,
    ShareIdea,
)
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.quantities import OBSERVABLES
from sim.words.language import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenarios.conditions import Condition
    from sim.scenarios.schema import Scenario

#: What has to stand next to every result of a plan with hidden partnerships.
SHADOW_CAVEAT = Said("shadow")

_WEEKS_PER_YEAR = 52
SATURATED_EUR = 100.0  # a head


def warnings(scenario: Scenario) -> list[Said]:
    """List what a plan most probably does not intend, one sentence each.

    Parameters
    ----------
    scenario
        A scenario that loads without error.

    Returns
    -------
    list of Said
        Empty if there is nothing to say.
    """
    sentences: list[Said] = []
    for look in (_late, _pestering, _money, _courting, _impossible, _messengers, _early_ideas, _saturated):
        sentences.extend(look(scenario))
    if scenario.shadow_strategy:
        sentences.append(SHADOW_CAVEAT)
    return sentences


def pestering_limit(interval: float, pester: float, half_life: float) -> float:
    """Grievance of an unwilling partner just before it is asked again, if asked every ``interval`` weeks.

    Each attempt adds ``pester``; between two attempts grievance fades by x = 2^(-interval / half_life). It peaks
    at pester / (1 - x) after an attempt and has faded to pester x / (1 - x) before the next one. Only the latter
    decides: a partner whose grievance is below the limit then says yes.
    """
    fades = math.exp2(-interval / half_life)
    return pester * fades / (1.0 - fades)


def _parameter(scenario: Scenario, name: str) -> float:
    default: float = REGISTRY[name].default
    return float(scenario.parameters.get(name, default))


def _named(scenario: Scenario, action: Action) -> str:
    number = next(i for i, row in enumerate(scenario.plan, start=1) if row is action)
    return f"plan {number} ({action.label or action.verb})"


def _late(scenario: Scenario) -> Iterator[Said]:
    for action in scenario.plan:
        week = action.week(scenario.start)
        if week is not None and week >= scenario.weeks:
            last = scenario.date(scenario.weeks - 1)
            yield Said("late", action=_named(scenario, action), when=str(action.when), last=last)


def _pestering(scenario: Scenario) -> Iterator[Said]:
    pester = _parameter(scenario, "pester")
    half_life = _parameter(scenario, "grievance_half_life")
    limit = _parameter(scenario, "return_grievance") * (1.0 + _parameter(scenario, "forgiveness_spread"))
    intervals: dict[str, float] = {}
    for row in scenario.organisation:
        # Who neither has a rule nor acts asks at the usual interval.
        asks = row.reapproach_interval is not None or any(action.actor == row.id for action in scenario.plan)
        if asks and row.reapproach_interval != "never":
            default = _parameter(scenario, "reapproach_interval")
            intervals[row.id] = float(row.reapproach_interval or default)
    for action in scenario.plan:
        if isinstance(action, SetStrategy) and action.key == "reapproach_interval" and action.value != "never":
            intervals[action.by] = min(float(action.value), intervals.get(action.by, math.inf))
        if isinstance(action, Reapproach) and action.repeat_every is not None:
            intervals[action.by] = min(float(action.repeat_every), intervals.get(action.by, math.inf))
    for actor, interval in intervals.items():
        settles = pestering_limit(interval, pester, half_life)
        if settles >= limit:
            yield Said("knocking", by=actor, weeks=interval, level=settles, limit=limit)


def _payments(action: Action, first: int, weeks: int) -> Iterator[tuple[int, float]]:
    """Weeks in which a dated action takes money, with how much: repeats, and weeks of information work, each pay."""
    price = action.eur + (action.budget if isinstance(action, LaunchCampaign) else 0.0)
    times = action.max_times if action.repeat_every else 1
    for start in range(first, weeks, action.repeat_every or weeks):
        if times <= 0 or price <= 0.0:
            return
        times -= 1
        for week in range(start, min(weeks, start + (action.weeks if isinstance(action, Inform) else 1))):
            yield week, price


def _money(scenario: Scenario) -> Iterator[Said]:
    """Compare what the dated actions cost with the budgets of the years in which they may be paid."""
    spent: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for action in scenario.plan:
        week, actor = action.week(scenario.start), action.actor
        if week is None or actor is None or week >= scenario.weeks:
            continue
        for paid, price in _payments(action, week, scenario.weeks):
            spent[actor][scenario.date(paid).year] += price
    first = scenario.start.year
    for actor, years in spent.items():
        row = scenario.find(actor)
        given = row.annual_budget
        budget = KINDS[row.kind].annual_budget if given is None else given
        total = 0.0
        for year in sorted(years):
            total += years[year]
            # A budget is paid at the start and every January; what is left may be spent later.
            available = budget * (year - first + 1)
            if total > available:
                yield Said("budget", by=actor, total=total, year=str(year), available=available)
                break


def _stance(scenario: Scenario, organisation: str) -> float:
    row = scenario.find(organisation)
    return KINDS[row.kind].stance if row.stance is None else row.stance


def _courting(scenario: Scenario) -> Iterator[Said]:
    """Point out critical campaigns by somebody who at the same time wants the other side as a partner."""
    told: set[tuple[str, str]] = set()
    for campaign in scenario.plan:
        start = campaign.week(scenario.start)
        if not isinstance(campaign, LaunchCampaign) or start is None or campaign.tone < 0.5:
            continue
        for approach in scenario.plan:
            if not isinstance(approach, Approach) or approach.by not in (campaign.by, *campaign.cosenders):
                continue
            asked = approach.week(scenario.start)
            opposite = _stance(scenario, approach.by) * _stance(scenario, approach.to) < 0
            # A partnership that was asked for within the year before is in its courtship.
            close = asked is not None and start - _WEEKS_PER_YEAR <= asked <= start + campaign.weeks
            if opposite and close and (approach.by, approach.to) not in told:
                told.add((approach.by, approach.to))
                yield Said("courting", action=_named(scenario, campaign), by=approach.by, to=approach.to)


def _impossible(scenario: Scenario) -> Iterator[Said]:
    """Find conditions that cannot come true, whatever happens."""
    last = scenario.date(scenario.weeks - 1)
    spans = {
        "week": (0, scenario.weeks - 1),
        "year": (scenario.start.year, last.year),
        "month": (1, 12),
        "date": (scenario.start.toordinal(), last.toordinal()),
    }
    for action, condition in zip(scenario.plan, scenario.conditions, strict=True):
        if condition is not None and not _possible(condition, spans):
            yield Said("never", action=_named(scenario, action), condition=condition.text)


def _possible(condition: Condition, spans: dict[str, tuple[int, int]]) -> bool:
    """Run a condition on intervals: (lowest, highest) value each part can have."""
    stack: list[tuple[float, float]] = []
    for step in condition.program:
        if step.op == "number":
            stack.append((step.number, step.number))
        elif step.op == "observe":
            entry = OBSERVABLES[step.name]
            wide = (0.0, 1.0) if entry.flag or entry.unit == "0 to 1" else (0.0, math.inf)
            stack.append(spans.get(step.name, wide))
        elif step.op == "not":
            low, high = stack.pop()
            stack.append((1.0 - high, 1.0 - low))
        else:
            right, left = stack.pop(), stack.pop()
            stack.append(_combined(step.op, left, right))
    return stack[-1][1] > 0.0


def _combined(op: str, left: tuple[float, float], right: tuple[float, float]) -> tuple[float, float]:
    if op == "and":
        return min(left[0], right[0]), min(left[1], right[1])
    if op == "or":
        return max(left[0], right[0]), max(left[1], right[1])
    if op in (">", ">="):
        return _combined({">": "<", ">=": "<="}[op], right, left)
    if op == "<":
        return float(left[1] < right[0]), float(left[0] < right[1])
    if op == "<=":
        return float(left[1] <= right[0]), float(left[0] <= right[1])
    same = left == right and left[0] == left[1]
    apart = left[1] < right[0] or right[1] < left[0]
    equal = float(same), float(not apart)
    return equal if op == "==" else (1.0 - equal[1], 1.0 - equal[0])


def _messengers(scenario: Scenario) -> Iterator[Said]:
    recruited = {action.who for action in scenario.plan if isinstance(action, RecruitMessenger)}
    partners = {member for row in scenario.partnership for member in row.members}
    for action in scenario.plan:
        if not isinstance(action, LaunchCampaign) or action.messenger is None:
            continue
        if action.messenger not in recruited and action.messenger not in partners | {action.by}:
            yield Said("messenger", action=_named(scenario, action), who=action.messenger)


def _early_ideas(scenario: Scenario) -> Iterator[Said]:
    """Point out ideas told to somebody who was never met: nothing is agreed when they are given away."""
    together = {frozenset(row.members) for row in scenario.partnership}
    met: set[frozenset[str]] = set()
    for action in scenario.plan:
        if isinstance(action, (Approach, OfferTerms)):
            met.add(frozenset((action.by, action.to)))
        elif isinstance(action, HoldWorkshop):
            met.add(frozenset((action.by, action.with_)))
    for action in scenario.plan:
        if not isinstance(action, ShareIdea):
            continue
        pair = frozenset((action.by, action.to))
        if pair not in together | met or (pair not in together and _before_approach(scenario, action)):
            yield Said("early_ideas", action=_named(scenario, action), share=action.share_told, to=action.to)


def _saturated(scenario: Scenario) -> Iterator[Said]:
    """Point out budgets that buy the same people over and over."""
    for action in scenario.plan:
        if not isinstance(action, LaunchCampaign) or action.budget <= 0.0:
            continue
        heads = max(scenario.audience.size(audience) for audience in action.audience) if action.audience else 0.0
        if heads and action.budget > SATURATED_EUR * heads:
            yield Said("saturated", action=_named(scenario, action), each=action.budget / heads)


def _before_approach(scenario: Scenario, told: ShareIdea) -> bool:
    week = told.week(scenario.start)
    if week is None:
        return False
    asked = [
        action.week(scenario.start)
        for action in scenario.plan
        if isinstance(action, Approach) and {action.by, action.to} == {told.by, told.to}
    ]
    dated = [moment for moment in asked if moment is not None]
    return bool(dated) and len(dated) == len(asked) and week <= min(dated)
