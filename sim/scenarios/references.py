"""What can only be checked on a whole scenario: names that refer to other rows, dates, conditions."""

from __future__ import annotations

import datetime
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from sim.errors import InputError
from sim.parameters import parameter_record
from sim.scenarios.actions import (
    Action,
    ApplyFunding,
    LaunchCampaign,
    Lobby,
    Promise,
    PublishSurvey,
    Shock,
    Warn,
    week_index,
)
from sim.scenarios.conditions import Condition, parse_condition
from sim.scenarios.explain import nearest, show
from sim.scenarios.fields import EMPLOYERS, Aimed, Refers, mark
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.quantities import QUANTITIES
from sim.words.language import Said, guessed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenarios.organisations import Organisation
    from sim.scenarios.tables import Tables


def _stated(message: str, *place: str | int) -> PydanticCustomError:
    """Refuse with a sentence of its own."""
    return PydanticCustomError("stated", "{message}", {"message": message, "place": place})


def check_references(scenario: Tables) -> None:
    """Check that rows refer to what exists, once each; raise the first problem found.

    Parameters
    ----------
    scenario
        A scenario whose rows are sound by themselves.
    """
    ids = [organisation.id for organisation in scenario.organisation]
    _once(((name,) for name in ids), "organisation", "id")
    if EMPLOYERS in ids:
        expected = "another id: the word stands for all employers"
        raise _stated(f"found {EMPLOYERS!r}, expected {expected}", "organisation", ids.index(EMPLOYERS), "id")
    if scenario.initiator is not None:
        _exists(scenario.initiator, ids, "initiator")
    for name in scenario.observed:
        _exists(name, ids, "observed")
    for name in scenario.goal.stake:
        _exists(name, ids, "goal", "stake")
    known = [row.id for row in QUANTITIES if row.measured == "outcome"]
    for key in ("measures", "matters"):
        for name in getattr(scenario.goal, key):
            if not any(name == row or name.startswith(f"{row}_") for row in known):
                raise _stated(f"found {name!r}, expected ids of outcomes{nearest(name, known)}", "goal", key)
    _check_rows(scenario, ids)
    if scenario.rivals is not None and len(scenario.rivals) > scenario.weeks:
        raise _stated(f"found {len(scenario.rivals)} numbers, expected at most {scenario.weeks} (weeks)", "rivals")
    for name, value in scenario.parameters.items():
        try:
            parameter_record({name: value}, where="")
        except InputError as error:
            # Told as all other values are: found, expected.
            message = str(error).removeprefix(": ").replace(f"{name} is ", "found ", 1)
            raise _stated(message, "parameters", name) from None
    try:
        parameter_record(scenario.parameters, where="")
    except InputError as error:
        raise _stated(str(error).removeprefix(": "), "parameters") from None
    _check_plan(scenario, ids)


def gives_grants(row: Organisation) -> bool:
    """Whether an organisation of a file gives grants to projects."""
    return KINDS[row.kind].funds if row.funds is None else row.funds


def _check_rows(scenario: Tables, ids: list[str]) -> None:
    firms = [row.id for row in scenario.organisation if row.type == "firm"]
    for number, row in enumerate(scenario.organisation):
        if row.members is not None and not KINDS[row.kind].carries_to_members:
            raise _stated("found members, expected them of a federation only", "organisation", number, "members")
        if row.pool is not None and not gives_grants(row):
            raise _stated("found a pool, expected it of one that funds (funds = true)", "organisation", number, "pool")
        for name in row.members if isinstance(row.members, tuple) else ():
            _exists(name, firms, "organisation", number, "members", kind="firm")
    for number, dyad in enumerate(scenario.dyad):
        _exists(dyad.a, ids, "dyad", number, "a")
        _exists(dyad.b, ids, "dyad", number, "b")
    _once((sorted((row.a, row.b)) for row in scenario.dyad), "dyad", "b")
    for number, partnership in enumerate(scenario.partnership):
        for member in partnership.members:
            _exists(member, ids, "partnership", number, "members")
        if partnership.grant > 0 and partnership.state not in ("informal", "formal"):
            message = f"found {partnership.grant:g} in the state {partnership.state}, expected a grant of a partnership"
            raise _stated(f"{message} that is informal or formal", "partnership", number, "grant")
        lead = partnership.lead or partnership.initiator
        if partnership.grant > 0 and not any(gives_grants(row) and row.id != lead for row in scenario.organisation):
            message = f"found {partnership.grant:g}, expected an organisation that gives grants (funds = true)"
            raise _stated(message, "partnership", number, "grant")
    _in_one_partnership(scenario)
    for number, idea in enumerate(scenario.idea):
        _exists(idea.owner, ids, "idea", number, "owner")
    _once(((row.id,) for row in scenario.idea), "idea", "id")
    for number, task in enumerate(scenario.task):
        for name in task.who:
            _exists(name, ids, "task", number, "who")
    _once((task.cell for task in scenario.task), "task", "place")


def _in_one_partnership(scenario: Tables) -> None:
    """Two organisations share one partnership: what they are to each other is kept once."""
    seen: set[frozenset[str]] = set()
    for number, row in enumerate(scenario.partnership):
        for a, b in combinations(row.members, 2):
            if frozenset((a, b)) in seen:
                message = f"found {a} and {b} in two partnerships, expected a pair in one only"
                raise _stated(message, "partnership", number, "members")
            seen.add(frozenset((a, b)))


def _check_plan(scenario: Tables, ids: list[str]) -> None:
    _once(((row.label,) if row.label else () for row in scenario.plan), "plan", "label")
    launches = [row.label for row in scenario.plan if isinstance(row, LaunchCampaign) and row.label]
    bundles = [idea.id for idea in scenario.idea]
    for number, action in enumerate(scenario.plan):
        _check_actors(action, number, ids, scenario)
        _check_dates(action, number, scenario)
        bundle = getattr(action, "bundle", None)
        if bundle is not None and bundle not in bundles:
            _exists(bundle, bundles, "plan", number, "bundle", kind="idea")
        campaign = getattr(action, "campaign", None)
        if campaign is not None and campaign not in launches:
            _exists(campaign, [str(label) for label in launches], "plan", number, "campaign", kind="campaign")
        _check_side(action, number, scenario)
        if isinstance(action, Warn):
            senders = {row.label: row.by for row in scenario.plan if isinstance(row, LaunchCampaign) and row.label}
            if senders[action.campaign] != action.by:
                message = f"found {show(action.campaign)}, expected the label of a campaign of {action.by}"
                raise _stated(message, "plan", number, "campaign")
        if isinstance(action, ApplyFunding) and action.to is not None and not gives_grants(scenario.find(action.to)):
            message = f"found {show(action.to)}, expected one that gives grants (funds = true)"
            raise _stated(message, "plan", number, "to")
        if isinstance(action, Lobby) and scenario.policy.demand is None:
            message = Said("found", found=show(action.on), expected=Said("no_policy"))
            raise _stated(message, "plan", number, "on")
        if isinstance(action, Lobby) and action.on not in (None, scenario.policy.demand):
            expected = f"its demand, {show(scenario.policy.demand)}, or nothing"
            raise _stated(f"found {show(action.on)}, expected {expected}", "plan", number, "on")
        if isinstance(action, Shock) and isinstance(action.firm, int) and action.firm > scenario.firms.number:
            message = f"found {action.firm}, expected a firm from 1 to {scenario.firms.number:,}"
            raise _stated(message, "plan", number, "firm")


def _check_side(action: Action, number: int, scenario: Tables) -> None:
    """Who campaigns, lobbies or publishes a survey speaks for or against the measures."""
    if isinstance(action, LaunchCampaign | Lobby | PublishSurvey) and action.side is None:
        row = scenario.find(action.by)
        stance = KINDS[row.kind].stance if row.stance is None else row.stance
        if stance == 0.0:
            message = f"found nothing, expected for or against: {action.by} has no stance of its own"
            raise _stated(message, "plan", number, "side")


@cache
def _naming(model: type[Action]) -> tuple[tuple[str, str], ...]:
    """Arguments of a verb that name organisations, with the names that files use."""
    marks = ((name, field, mark(field, Refers)) for name, field in model.model_fields.items())
    found = [(name, field.alias or name) for name, field, refers in marks if refers == Refers("organisation")]
    return tuple(found + [(name, name) for name, field in model.model_fields.items() if mark(field, Aimed)])


def _check_actors(action: Action, number: int, ids: list[str], scenario: Tables) -> None:
    for name, shown in _naming(action.__class__):
        value = getattr(action, name)
        for organisation in (value,) if isinstance(value, str) else value or ():
            known = [*ids, EMPLOYERS] if shown == "targets" else ids
            _exists(organisation, known, "plan", number, shown)
    firm = getattr(action, "firm", None)
    if isinstance(firm, str):
        firms = [row.id for row in scenario.organisation if row.type == "firm"]
        _exists(firm, firms, "plan", number, "firm", kind="firm")
    if isinstance(action, Shock) and action.org is not None:
        _check_shock(action, number, scenario.find(action.org))
    by = getattr(action, "by", getattr(action, "org", None))
    partnership: tuple[str, ...] = getattr(action, "partnership", ())
    several: tuple[str, ...] = getattr(action, "members", partnership)
    if len(several) > 2 and set(several) not in [set(row.members) for row in scenario.partnership]:
        message = f"found {', '.join(several)}, expected the members of a [[partnership]] of the scenario"
        raise _stated(message, "plan", number, "members" if hasattr(action, "members") else "partnership")
    if partnership and by is not None and by not in partnership:
        message = f"found {show(by)}, expected a member of the partnership, {' or '.join(partnership)}"
        raise _stated(message, "plan", number, "by" if hasattr(action, "by") else "org")
    for name in ("to", "with_", "about"):
        if by is not None and getattr(action, name, None) == by:
            message = Said("both", found=show(by), expected=Said("other"))
            raise _stated(message, "plan", number, name.rstrip("_"))


def _check_shock(action: Shock, number: int, row: Organisation) -> None:
    """Some shocks hit some organisations only."""
    if action.what == "pool" and not gives_grants(row):
        message = f"found {show(row.id)}, expected one that gives grants (funds = true)"
        raise _stated(message, "plan", number, "org")
    if action.what in ("director_changes", "director_absent") and KINDS[row.kind].speaks_for_others:
        message = f"found {show(row.id)}, expected an organisation: a storyteller has no director"
        raise _stated(message, "plan", number, "org")


def _check_dates(action: Action, number: int, scenario: Tables) -> None:
    if isinstance(action.when, datetime.date) and action.when < scenario.start:
        message = Said("found", found=str(action.when), expected=Said("from_start", day=str(scenario.start)))
        raise _stated(message, "plan", number, "when")
    week = action.week(scenario.start)
    if isinstance(action, Promise):
        due = week_index(action.due, scenario.start)
        if due < 0 or (week is not None and due <= week):
            message = Said("found", found=show(action.due), expected=Said("due"))
            raise _stated(message, "plan", number, "due")


def read_conditions(scenario: Tables) -> tuple[Condition | None, ...]:
    """Parse the conditions of a plan; None stands for an action with a date."""
    ids = [organisation.id for organisation in scenario.organisation]
    conditions: list[Condition | None] = []
    for number, action in enumerate(scenario.plan):
        if not isinstance(action.when, str):
            conditions.append(None)
            continue
        try:
            condition = parse_condition(
                action.when,
                ids,
                initiator=scenario.default_initiator,
                omniscient=scenario.omniscient,
                where="",
            )
        except InputError as error:
            raise _stated(error.said, "plan", number, "when") from None
        conditions.append(condition)
    return tuple(conditions)


def with_bundle(scenario: Tables) -> tuple[Any, ...]:
    """Give every action on ideas the bundle it means: the only one of its actor, or the only one there is."""
    rows: list[Any] = []
    for number, action in enumerate(scenario.plan):
        if "bundle" not in type(action).model_fields or getattr(action, "bundle", None) is not None:
            rows.append(action)
            continue
        own = [idea.id for idea in scenario.idea if idea.owner == action.actor]
        choice = own or [idea.id for idea in scenario.idea]
        if len(choice) != 1:
            known = Said("one_of", list=", ".join(choice)) if choice else Said("no_ideas")
            raise _stated(Said("nothing", expected=known), "plan", number, "bundle")
        rows.append(action.model_copy(update={"bundle": choice[0]}))
    return tuple(rows)


def _once(keys: Iterable[Iterable[Any]], rows: str, field: str) -> None:
    seen: set[tuple[Any, ...]] = set()
    for number, parts in enumerate(keys):
        key = tuple(parts)
        if key and key in seen:
            raise _stated(f"found {'-'.join(map(str, key))} twice, expected it only once", rows, number, field)
        seen.add(key)


def _exists(found: str, known: list[str], *place: str | int, kind: str = "organisation") -> None:
    if found not in known:
        listed = Said("one_of", list=", ".join(known)) if known else Said(f"no_{kind}")
        message = Said(f"unknown_{kind}", found=repr(found), expected=guessed(listed, found, known))
        raise _stated(message, *place)
