"""The whole state of one world: arrays of records, one row an organisation, a relation, a partnership, a firm ...

Everything that the rules read or change is here, with its unit. `World` is a named tuple of arrays, so that
compiled rules, the Mesa faces and tests all work on the same memory. Rows of organisations are sorted by id:
the order of a scenario file changes nothing.

Conventions: shares, trust, credibility and the like are in [0, 1]; money is in whole cents, so that the
double-entry ledger balances exactly; weeks count from 0; -1 means "none" and `NEVER` means "not yet".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.memory import NeverCopied, WorldType, address_table, define_layout
from sim.parameters import PARAMETERS_DTYPE
from sim.vocabulary.audiences import Audience

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Records = np.recarray[Any, Any]

AUDIENCE_COUNT = len(Audience)


def _record(*fields: tuple[str, str]) -> np.dtype[Any]:
    return np.dtype(list(fields), align=True)


def _numbers(kind: str, names: str) -> list[tuple[str, str]]:
    return [(name, kind) for name in names.split()]


CLOCK = _record(  # and what holds for the whole run
    *_numbers("i8", "week weeks seed replicate parameter_set topic complete audit"),
    ("population", "f8"),  # persons
)

MEDIA = _record(
    # over all voices: items per week; attention; tone, the critical part of the items
    *_numbers("f8", "coverage attention tone coverage_before_start peak_coverage"),
    *_numbers("i8", "storm storms storm_weeks last_storm_week storm_started"),
    # critics that are remembered, now and when heat was last reckoned; press on a firm that nobody named
    *_numbers("i8", "critics blamed"),
    *_numbers("f8", "relief firm_press"),
)

VOICE = _record(  # one row a `Voice`: items of the week, drawn, expected and their ratio; memory; all, and the critical
    *_numbers("f8", "coverage expected ratio memory critical_memory stimulus critical_stimulus branching rebutted"),
)

DEMAND = _record(  # week of its latest stage, hazards summed since then, pressures, rate of the law (per week)
    *_numbers("i8", "exists stage week"),
    *_numbers("f8", "hazard pressure_for pressure_against law law_when_in_force"),
)

TALLIES = _record(
    # totals over the firms that took up the idea (weights are firms; lineage is kept per organisation)
    *_numbers(
        "f8",
        "goal_impact total_weight public_weight crowd_visibility signal_visibility adoption_weeks adopted_weight "
        "firm_years weighted_firm_years",
    ),
    # rows in use
    *_numbers("i8", "events effects spells requests campaigns adopted"),
    # counts of the run
    *_numbers("i8", "adopters public_adopters clips formed exits returns refused disagreements deferred"),
    *_numbers("i8", "angry_exits lapses planned_ends moved_on whole_membership"),
    *_numbers("i8", "deferred_by_ngo uncredited_uses gave_up"),
    *_numbers("i8", "partnership_weeks public_partnership_weeks weeks_away"),
    *_numbers("f8", "disagreement_hours joint_result reach visitors page_views minutes new_reach"),
    *_numbers("f8", "seats_open seats_filled trained trained_share shared_visits learners board_years"),
    *_numbers("i8", "seats_week seats_opened approval_years grants cut_until"),
)

AUDIENCE = _record(  # persons; share who know now, who were ever reached; persons who learned so far
    *_numbers("f8", "persons aware reached learned"),
    # of the week: share whom nobody reached, sums of learning for and against the measures
    *_numbers("f8", "missed taught_for taught_against"),
)

ORGANISATION = _record(
    *_numbers("i8", "key kind firm flagship eligible direct csr observed"),
    # traits of its kind, see `sim.vocabulary.kinds`
    *_numbers("i8", "public_body funds carries_to_members addresses_firms speaks_for_others opens_channels"),
    *_numbers("f8", "overlap training_reach"),
    *_numbers("f8", "stance exposure role followers evidence members"),  # members: share of firms; -1: by default
    *_numbers("i8", "name_column leaves_by_itself members_left"),  # where criticism that names it is kept
    *_numbers("f8", "complaint"),  # of its members, or its own heat
    # what a federation has to pass on, and passes on this week to each member; weight of its members over all
    *_numbers("f8", "carries passed_on member_weight"),
    # what measures cost a firm; trained people; contacts of information and of a guide this week; board results
    *_numbers("f8", "burden trained informing guide_now board_contacts"),
    # the director: new ones so far, summed hazard and threshold of the next
    *_numbers("i8", "directors"),
    *_numbers("f8", "director_hazard director_threshold"),
    # the champion: in place, number of champions and vacancies so far, summed hazard, threshold, weeks left
    *_numbers("i8", "champion champions vacancies vacancy_left appointment_left appointed"),
    *_numbers("f8", "champion_hazard champion_threshold champion_chance"),
    *_numbers("f8", "top top_change"),
    # hours per week
    *_numbers(
        "f8",
        "capacity capacity_now hours_used hours_total standing_hours hours_asked hours_ratio board_ratio",
    ),
    *_numbers("i8", "annual_budget cost"),  # cents
    # criticism that hits it; for a firm, the press that names it
    *_numbers("f8", "heat peak_heat heat_memory named_press"),
    # speaking up: voice in which it is heard, on which sides it spoke, how stale news of its launches and surveys is
    *_numbers("i8", "rebuts rebuttals campaigning campaign_week voice spoke_for spoke_against"),
    *_numbers("f8", "staleness survey_staleness"),
    *_numbers("i8", "survey_week survey_published guide_published launches trainings"),
    *_numbers("i8", "lobby_week counter_lobby_week lobbies_now informs"),
    *_numbers("f8", "survey_now rebutted"),
    # standing strategies (-1: none set)
    *_numbers("f8", "reapproach_hazard disclosure_before disclosure_after joint_level meeting_share"),
    *_numbers("i8", "expectation_adapts deference visibility gives_time"),
    # ledger of credit and cause, in weighted firms; morale as a sum of disappointments
    *_numbers("f8", "credited causal morale_loss"),
    *_numbers("i8", "unnamed apply_yearly plan_first_year plan_last_year last_grant grant_refused at_stake"),
    # who gives grants: EUR a year it may give (cents, -1: no limit), what is left of it in this round, and a factor
    *_numbers("i8", "pool pool_left"),
    *_numbers("f8", "pool_factor need celebrating"),
)

RELATION = _record(  # directed: of i towards j
    *_numbers("i8", "exists key partnership"),
    *_numbers("f8", "trust anchor grievance value value_start expectation"),
    *_numbers(
        "i8",
        "approaches refusals refusal_week attempts_approach attempts_terms attempts_sign attempts_public "
        "attempts_suspension claims",
    ),
    *_numbers("f8", "kept"),  # promises kept to i by j this week (weights)
    *_numbers("i8", "pause_until apology_week integrity_breaches last_breach_integrity promises_broken"),
    *_numbers("i8", "messenger_until"),  # j may be named as i's messenger before this week
    # how far i sees criticism as j's job; what a warning by j takes from the next blow
    *_numbers("f8", "role role_start warned"),
    *_numbers("i8", "warnings explained_week offence_week"),
)

PARTNERSHIP = _record(  # undirected: what two organisations share; the membership of the one who was asked
    *_numbers("i8", "key a b initiator state since visibility model lead rule turn member"),
    *_numbers("f8", "meeting_share contract agreed structure"),
    *_numbers("i8", "clause agreed_clause structure_items focal_points focal_by left_by"),
    *_numbers("f8", "distance distance_floor fit fit_bonus"),
    # this week
    *_numbers("f8", "joint joint_wanted joint_profile result whole workshop positive hours_ratio"),
    *_numbers("i8", "deferrals unresolved celebrated"),
    # whose turn a verb made it: who defers, who insists, on which topic (-1: all), in which week
    *_numbers("i8", "defer_by defer_topic defer_week insist_by insist_topic insist_week"),
    # the project of the year: in the annual plan of a and of b; money in cents
    *_numbers("i8", "in_plan_a in_plan_b applied_year year_budget next_budget grant_left advertised funder paid_by"),
    *_numbers("f8", "applied_amount advertising_share year_hours year_ratio year_joint year_learning"),
    # over the run
    *_numbers("f8", "reference_result joint_result joint_total launch_hours"),
    *_numbers("i8", "spell exits returns attempts cooling_spells exit_week return_week formed_week first_formed"),
    *_numbers("i8", "result_week celebration_week spell_row"),
    # what is done together (bits, in the order of ELEMENTS); 1: agreed terms are signed at once; -1: not given
    *_numbers("i8", "elements signs_at_once direct"),
    # partnerships of three and more: which one, or -1; 1: between two members that were both asked
    *_numbers("i8", "alliance link"),
    *_numbers("f8", "reapproach_sum reapproach_threshold return_sum return_threshold"),
    *_numbers("f8", "moving_sum moving_threshold forgiveness found_sum found_threshold"),
    # terms: length in weeks (0: open), first week after it, how many there were
    *_numbers("i8", "term term_end terms suspended_until pester_week found decided"),
    *_numbers("i8", "lapses planned_ends moved_on lapse_week criticism_allowed agreed_criticism"),
)

ALLIANCE = _record(*_numbers("i8", "initiator members"))  # a partnership of three and more: members as bits

DRAWN = _record(  # what a replicate draws about a partnership; -1: nothing
    *_numbers("f8", "integrated formal direct structure_low structure_high trust_low trust_high"),
)

CAMPAIGN = _record(
    *_numbers("i8", "active kind by number cosenders start end action messenger topic audience side names leaked_to"),
    *_numbers("f8", "tone intensity loudness weeks video stunt items novelty"),
    *_numbers("i8", "budget paid project"),  # cents; the partnership whose grant pays, or -1
    *_numbers("f8", "reach stimulus exposures visitors page_views minutes came taught"),
)

IDEA = _record(*_numbers("i8", "key owner"), ("quality", "f8"))

DECISION = _record(  # one row per (idea, organisation): what a firm does with ideas it was told
    *_numbers("i8", "key pending due count menu clause model"),
    # what it chose: as others can see it, and as it is (`choice_code`); what becomes visible when, and by how much
    *_numbers("i8", "choice choice_code chosen_week spread_week press_week found_week visible used"),
    *_numbers("f8", "told workshop contract value spread leak_sum leak_threshold"),
)

PROMISE = _record(*_numbers("i8", "status by to what due"), ("weight", "f8"))

TRAINING = _record(*_numbers("i8", "open by number start action"), *_numbers("f8", "seats filled rate"))

REQUEST = _record(
    *_numbers("i8", "kind by to action visibility purpose direct done"),
    *_numbers("f8", "ask tone offered order"),
)

EFFECT = _record(*_numbers("i8", "kind by to"), *_numbers("f8", "severity realised"))

TASK = _record(*_numbers("i8", "workers recipe"), *_numbers("f8", "hours result"))

SPELL = _record(*_numbers("i4", "kind partnership start end"))

FIRM = _record(
    ("names", "u4"),  # bit i: organisation i stands on the public record
    ("week", "i4"),
    ("depth", "f4"),
    ("quality", "f4"),
    ("weight", "f4"),
    ("uptake", "i1"),
    ("route", "i1"),
    ("organisation", "i1"),
    ("times", "i1"),  # adoptions so far
)

LOG = _record(*_numbers("i4", "week kind actor other object action"))

ACTION = _record(
    # when 0: in `week`; when 1: as soon as the condition code[code_start:code_end] holds
    *_numbers("i8", "verb when week code_start code_end repeat_every max_times"),
    # who and what: rows of organisations, pairs, ideas; -1 where the verb has no such argument
    *_numbers("i8", "by to partnership idea firm campaign"),
    *_numbers("f8", "hours"),
    *_numbers("i8", "cost"),  # cents
    # words as codes, lists as bit masks
    *_numbers("i8", "visibility purpose direct menu model deference items structure topic audience elements"),
    *_numbers(
        "i8",
        "cosenders messenger channel how final key what due weeks given_start given_count side term show_text "
        "in_public",
    ),
    *_numbers(
        "f8",
        "ask tone intensity video stunt budget budget_share respondents method severity seats share weight value "
        "magnitude",
    ),
)

ACTION_STATE = _record(*_numbers("i8", "due fired next_week stopped campaign refused reason leaked_to until cut"))

INSTRUCTION = _record(*_numbers("i8", "operation name a b"), ("number", "f8"))

QUANTITY = _record(*_numbers("i8", "by place stride is_real how"))  # where it is stored, see `sim.observe`

CALENDAR = _record(
    *_numbers(
        "i8",
        "ordinal year month iso_week window_work window_violence days_work days_violence "
        "budget_week grant_week busy_season year_index",
    ),
    ("rivals", "f8"),
)


@dataclass(slots=True, eq=False)
class World(NeverCopied):
    """One world. The first group is shared by all replicates of a scenario and never changes.

    Compiled rules receive the address table (see `sim.engine.memory`), everybody else simply reads the arrays.
    """

    plausible: Records  # (sets,) sets of parameter values, and what is derived from them
    upto: NDArray[np.float64]  # (sets,) their weights, summed up; (0,): set r for replicate r
    calendar: Records  # (weeks,)
    action: Records  # (actions,) the plan
    code: Records  # (instructions,) the conditions of the plan
    quantity: Records  # (quantities,)
    given_exposures: NDArray[np.float64]  # exposures that campaigns were given, in place of computed ones
    target: NDArray[np.uint8]  # (actions, organisations + 1) 1: the action names it; last, employers in general
    warned_week: NDArray[np.int64]  # (actions, organisations) when it was warned of the next launch by this action
    text_shown: NDArray[np.uint8]  # (actions, organisations) 1: it has read the text of the next launch
    skill: NDArray[np.float64]  # (organisations, 6)
    expertise: NDArray[np.float64]  # (organisations, topics of disagreement) who knows better about each
    channel: NDArray[np.float64]  # (organisations, audiences) share of an audience within reach of its own channels
    partnership_of: NDArray[np.int64]  # (organisations, organisations) row of what they share, or -1
    joint_profile: NDArray[np.float64]  # (pairs, weeks) planned joint work, -1: by the default
    in_season: NDArray[np.int64]  # (pairs, weeks) 1 in weeks of the season of a project
    joins: NDArray[np.int8]  # (organisations, organisations) 1, 0: a firm is (no) member of a federation; -1: by chance
    seat: NDArray[np.int64]  # (partnerships of three and more, organisations) place in the list of members, from 0
    drawn: Records  # (pairs,) what replicates draw about their start

    state: NDArray[np.uint8]  # the bytes of all arrays below up to `partner_mark`: one copy saves or restores a week
    real: NDArray[np.float64]  # the same block, read as numbers with and without a fraction
    whole: NDArray[np.int64]
    parameter: Records  # (1,) the set of this world
    clock: Records  # (1,)
    media: Records  # (1,)
    voice: Records  # (voices,)
    demand: Records  # (1,)
    tallies: Records  # (1,)
    audience: Records  # (audiences,)
    taught: NDArray[np.float64]  # (organisations, audiences) share of an audience that knows, by who taught it
    lesson: NDArray[np.float64]  # (organisations, audiences) learning of the week, by who teaches
    organisation: Records  # (organisations,)
    credibility: NDArray[np.float64]  # (organisations, audiences)
    credibility_anchor: NDArray[np.float64]  # (organisations, audiences)
    credibility_start: NDArray[np.float64]  # (organisations, audiences)
    credibility_change: NDArray[np.float64]  # (organisations, audiences) work space of the week
    lent: NDArray[np.float64]  # (organisations, audiences) work space: standing of the partners by weight
    lent_weight: NDArray[np.float64]  # (organisations, audiences) work space
    lent_rest: NDArray[np.float64]  # (organisations, audiences) work space: share of an audience that notices nobody
    relation: Records  # (organisations * organisations,) row i * organisations + j
    partnership: Records  # (pairs,)
    leaving: NDArray[np.float64]  # (pairs, 4) summed hazards of leaving: conflict and drift of member and initiator
    leaving_limit: NDArray[np.float64]  # (pairs, 4) sums at which they leave
    leaving_since: NDArray[np.float64]  # (pairs, 2) conflict of member and initiator since the last campaign began
    alliance: Records  # (partnerships of three and more members,)
    element_eur: NDArray[np.float64]  # (pairs, elements) EUR put into each element of joint work
    campaign: Records  # (campaigns and stirs that may run in this plan,)
    named: NDArray[np.uint8]  # (campaigns, organisations + 1) 1: it names them; last, employers in general
    criticism: NDArray[np.float64]  # (2 organisations + 1, organisations + 1) items of the week by critic and target
    criticism_memory: NDArray[np.float64]  # the same, remembered
    own: NDArray[np.float64]  # (organisations, organisations) share of criticism of the first held against the second
    held: NDArray[np.float64]  # (organisations, organisations) heat of the first, as far as it blames the second
    flank: NDArray[np.float64]  # (organisations, organisations) what makes the second welcome to the first
    idea: Records  # (ideas,)
    decision: Records  # (ideas, organisations)
    promise: Records
    training: Records
    request: Records
    effect: Records
    spell: Records
    task: Records  # (24,) the cells of the task board, or (0,) without one
    account: NDArray[np.int64]  # (organisations + 4,) balances in cents, the outer accounts last
    coverage_history: NDArray[np.float64]  # (weeks,)
    action_state: Records
    project_budget: NDArray[np.float64]  # (calendar years,) EUR granted for the projects of the year
    hit: NDArray[np.float64]  # (columns of criticism,) work space: how far a campaign is about each
    complaining: NDArray[np.float64]  # (organisations,) work space: weight of the members that complain
    worst: NDArray[np.float64]  # (organisations,) work space: what a federation holds most against a partner
    blame: NDArray[np.float64]  # (organisations,) work space: what one of them remembers of each critic
    partner_mark: NDArray[np.float64]  # (organisations,) work space of the week
    stack: NDArray[np.float64]  # work space of conditions

    firm: Records  # (firms,)
    remaining: NDArray[np.float64]  # (firms,) threshold minus hazard so far; infinite once adopted
    sensitivity: NDArray[np.float64]  # (firms,) to the press
    pressed: NDArray[np.float64]  # (firms,) complaint of the spell so far, by weight
    member: NDArray[np.int16]  # (firms, federations) those that a firm belongs to, -1: none
    member_rest: NDArray[np.float64]  # (firms, federations) hazard left before it leaves them; NaN: not drawn
    visibility: NDArray[np.float64]  # (firms,) share of the peers, by weight, seen to use the idea
    peer_weight: NDArray[np.float64]  # (firms,) weight of all its peers
    keeping: NDArray[np.float64]  # (firms,) of an adopter: hazard left before it gives up
    adopter: NDArray[np.int32]  # (firms,) ordinary firms that have adopted, the first `tallies.adopted`
    lineage: NDArray[np.float32]  # (firms, 1 + non-firm organisations) where an adoption came from
    peer_start: NDArray[np.int32]  # (firms + 1,)
    peer: NDArray[np.int32]  # (ties,)
    ring: NDArray[np.int32]  # (firms * ties / 2,) far end of each firm's own ties
    adopting: NDArray[np.int32]  # (firms,) work space of the week

    log: Records  # (events,) the last row is a spill for what is not kept
    log_number: NDArray[np.float64]
    log_cause: NDArray[np.float64]

    table: NDArray[np.int64] = field(init=False, repr=False)
    address: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        arrays = {name: getattr(self, name) for name in LAYOUT}
        self.table = address_table(arrays)
        self.address = self.table.ctypes.data


def _column(kind: Any, dimensions: int = 1) -> tuple[np.dtype[Any], int]:
    return np.dtype(kind), dimensions


#: Type and number of dimensions of every array, in the order of `World`.
LAYOUT: dict[str, tuple[np.dtype[Any], int]] = {
    "plausible": _column(PARAMETERS_DTYPE),
    "upto": _column("f8"),
    "calendar": _column(CALENDAR),
    "action": _column(ACTION),
    "code": _column(INSTRUCTION),
    "quantity": _column(QUANTITY),
    "given_exposures": _column("f8"),
    "target": _column("u1", 2),
    "warned_week": _column("i8", 2),
    "text_shown": _column("u1", 2),
    "skill": _column("f8", 2),
    "expertise": _column("f8", 2),
    "channel": _column("f8", 2),
    "partnership_of": _column("i8", 2),
    "joint_profile": _column("f8", 2),
    "in_season": _column("i8", 2),
    "joins": _column("i1", 2),
    "seat": _column("i8", 2),
    "drawn": _column(DRAWN),
    "state": _column("u1"),
    "real": _column("f8"),
    "whole": _column("i8"),
    "parameter": _column(PARAMETERS_DTYPE),
    "clock": _column(CLOCK),
    "media": _column(MEDIA),
    "voice": _column(VOICE),
    "demand": _column(DEMAND),
    "tallies": _column(TALLIES),
    "audience": _column(AUDIENCE),
    "taught": _column("f8", 2),
    "lesson": _column("f8", 2),
    "organisation": _column(ORGANISATION),
    "credibility": _column("f8", 2),
    "credibility_anchor": _column("f8", 2),
    "credibility_start": _column("f8", 2),
    "credibility_change": _column("f8", 2),
    "lent": _column("f8", 2),
    "lent_weight": _column("f8", 2),
    "lent_rest": _column("f8", 2),
    "relation": _column(RELATION),
    "partnership": _column(PARTNERSHIP),
    "leaving": _column("f8", 2),
    "leaving_limit": _column("f8", 2),
    "leaving_since": _column("f8", 2),
    "alliance": _column(ALLIANCE),
    "element_eur": _column("f8", 2),
    "campaign": _column(CAMPAIGN),
    "named": _column("u1", 2),
    "criticism": _column("f8", 2),
    "criticism_memory": _column("f8", 2),
    "own": _column("f8", 2),
    "held": _column("f8", 2),
    "flank": _column("f8", 2),
    "idea": _column(IDEA),
    "decision": _column(DECISION, 2),
    "promise": _column(PROMISE),
    "training": _column(TRAINING),
    "request": _column(REQUEST),
    "effect": _column(EFFECT),
    "spell": _column(SPELL),
    "task": _column(TASK),
    "account": _column("i8"),
    "coverage_history": _column("f8"),
    "action_state": _column(ACTION_STATE),
    "project_budget": _column("f8"),
    "hit": _column("f8"),
    "complaining": _column("f8"),
    "worst": _column("f8"),
    "blame": _column("f8"),
    "partner_mark": _column("f8"),
    "stack": _column("f8"),
    "firm": _column(FIRM),
    "remaining": _column("f8"),
    "sensitivity": _column("f8"),
    "pressed": _column("f8"),
    "member": _column("i2", 2),
    "member_rest": _column("f8", 2),
    "visibility": _column("f8"),
    "peer_weight": _column("f8"),
    "keeping": _column("f8"),
    "adopter": _column("i4"),
    "lineage": _column("f4", 2),
    "peer_start": _column("i4"),
    "peer": _column("i4"),
    "ring": _column("i4"),
    "adopting": _column("i4"),
    "log": _column(LOG),
    "log_number": _column("f8", 2),
    "log_cause": _column("f8", 2),
}
define_layout(LAYOUT)
World._numba_type_ = WorldType()  # type: ignore[attr-defined]
