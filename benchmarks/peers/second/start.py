"""The second model at the start: it takes the start values of a prepared world, and nothing else, from the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.peers.second.chance import mix
from benchmarks.peers.second.model import Feeling, Firm, Idea, Rebuilt, Tie, Who
from benchmarks.peers.second.policy import Politics
from benchmarks.peers.second.spread import Shop, Spread
from benchmarks.peers.second.work import SKILLS, TOPICS, Bond, JointWork, Worker
from sim.vocabulary.partnerships import StructureItem

if TYPE_CHECKING:
    from sim.start.prepared import Setting

ELEMENTS = ("survey", "information", "training", "guide", "communication")


def rebuild(setting: Setting, world: Any, seed: int, replicate: int) -> Rebuilt:
    """The second model with the start values of a scenario."""
    case, p = setting.scenario, setting.parameters
    second = Rebuilt(p, seed, replicate, case.start, case.topic)
    rows = {row.id: row for row in case.organisation}
    for i, name in enumerate(setting.ids):
        who = world.organisation[i]
        second.who.append(
            Who(
                name,
                float(who.stance),
                float(who.exposure),
                float(who.role),
                int(rows[name].direct),
                rows[name].type == "firm",
                float(who.evidence),
                float(who.top),
                world.credibility[i].tolist(),
                rows[name].type == "federation",
                anchor=world.credibility_anchor[i].tolist(),
            )
        )
    n = len(second.who)
    for pair in world.partnership:
        a, b = int(pair.a), int(pair.b)
        keys = sorted((second.organisation_key(a), second.organisation_key(b)))
        initiator = int(pair.initiator)
        second.tie[a, b] = Tie(
            a, b, mix(*keys), float(pair.fit), float(pair.fit_bonus), int(pair.state), bool(pair.visibility), initiator,
            float(pair.contract), bool(pair.clause),
        )  # fmt: skip
        for i, j in ((a, b), (b, a)):
            dyad = world.relation[i * n + j]
            numbers = (dyad.trust, dyad.anchor, dyad.grievance, dyad.value, dyad.value_start, dyad.expectation)
            second.feeling[i, j] = Feeling(*map(float, numbers), role=float(dyad.role), role_start=float(dyad.role))
        second.tie[a, b].distance_floor = float(pair.distance_floor)
        second.tie[a, b].term = second.tie[a, b].term_end = int(pair.term)
        second.tie[a, b].criticism_allowed = bool(pair.criticism_allowed)
    for row in case.organisation:
        second.who[second.row(row.id)].adapts = row.expectation == "adaptive"  # its levels are start values
        for key in ("visibility", "reapproach_interval"):
            if getattr(row, key) is not None:
                second.rule(second.row(row.id), key, getattr(row, key))
        second.rule(second.row(row.id), "gives_time", row.gives_time)
        second.rule(second.row(row.id), "disclosure_before", row.disclosure_before)
        second.rule(second.row(row.id), "disclosure_after", row.disclosure_after)
    declared = {idea.id: idea.owner for idea in case.idea}
    for row in case.organisation:  # an ombud without a declared idea owns one
        if row.type == "ombud" and row.id not in declared.values():
            declared[f"{row.id}_ideas"] = row.id
    second.firm_weight = {
        i: float(world.firm[int(who.firm)].weight) / float(world.tallies[0].total_weight)
        for i, who in enumerate(world.organisation)
        if int(who.firm) >= 0
    }
    second.firms = [
        Firm(float(world.sensitivity[f]), float(world.firm[f].weight), int(world.firm[f].organisation),
             [int(j) for j in world.member[f] if j >= 0])
        for f in range(len(world.firm))
    ]  # fmt: skip
    for who in second.who:
        who.need = rows[who.id].need
        who.leaves_by_itself = rows[who.id].leaves_by_itself
        who.voice = "for" if who.stance > 0.0 else "against" if who.stance < 0.0 else "ordinary"
    second.idea = [Idea(name, second.row(owner)) for name, owner in sorted(declared.items())]
    second.start()
    _put_to_work(second, setting, world, rows)
    shops = [Shop(firm.weight, firm.sensitivity, firm.organisation, firm.members) for firm in second.firms]
    channel = [[float(x) for x in row] for row in world.channel]
    second.spread = Spread(second, channel, float(world.clock[0].population), shops)
    for f, shop in enumerate(shops):
        if shop.organisation >= 0:
            second.who[shop.organisation].burden = second.spread.resistance(f)
    demand = world.demand[0]
    stage = int(demand.stage) if demand.exists else None
    second.politics = Politics(
        second, stage, float(case.policy.law_rate or 0.0), [bool(o.funds) for o in world.organisation]
    )
    return second


def _put_to_work(second: Rebuilt, setting: Setting, world: Any, rows: dict[str, Any]) -> None:
    """Hours and skills of organisations, and what partners work with."""
    workers = []
    for i, who in enumerate(second.who):
        o, row = world.organisation[i], rows[who.id]
        who.champion = int(o.champion)
        who.followers, who.training_reach = float(o.followers), float(o.training_reach)
        who.is_union, who.is_person = bool(o.opens_channels), bool(o.speaks_for_others)
        years = (int(o.plan_first_year), int(o.plan_last_year))
        skill = dict(zip(SKILLS, map(float, world.skill[i]), strict=True))
        expertise = dict(zip(TOPICS, map(float, world.expertise[i]), strict=True))
        worker = Worker(float(o.capacity), skill, expertise, bool(o.public_body), years)
        worker.deference = row.deference
        workers.append(worker)
    bonds = {}
    for k, pair in enumerate(world.partnership):
        items = {name for bit, name in enumerate(StructureItem.words()) if int(pair.structure_items) >> bit & 1}
        eur = dict(zip(ELEMENTS, map(float, world.element_eur[k]), strict=True))
        bonds[int(pair.a), int(pair.b)] = Bond(
            float(pair.distance),
            float(pair.distance_floor),
            int(pair.lead),
            float(pair.structure),
            float(pair.structure) - len(items) / 8.0,
            items,
            {name: eur[name] for bit, name in enumerate(ELEMENTS) if int(pair.elements) >> bit & 1},
            world.joint_profile[k].tolist(),
            launch=float(pair.launch_hours),
        )
        models = ("add_on", "integrated")
        second.tie[int(pair.a), int(pair.b)].model = models[int(pair.model)] if int(pair.model) >= 0 else ""
    second.joint = JointWork(second, workers, bonds)
