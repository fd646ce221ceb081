"""What criticism does to whom it is about: understanding in force, felt criticism, pressure to leave (submodel S8).

Understanding of the critic's role shields what an organisation's office feels; its members share only a part of it.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.vocabulary.partnerships import State, Visibility

# Share of the missing understanding that one explanation, or a clause in a contract, adds (share): assumption.
EXPLAIN_GAIN = 0.25

# How visible a partnership in the shadow is, compared with a public one (share): assumption.
SHADOW_VISIBILITY = 0.3


@rule
def understanding(w, j, i):
    """Rho_ji = 1 - (1 - r)(1 - w)(1 - g_r [a signed clause allows criticism]): of j towards its critic i, in [0, 1]."""
    relation = w.relation[j * w.organisation.shape[0] + i]
    k = relation.partnership
    clause = 0.0
    if k >= 0 and w.partnership[k].state == State.FORMAL and w.partnership[k].criticism_allowed == 1:
        clause = EXPLAIN_GAIN
    return 1.0 - (1.0 - relation.role) * (1.0 - relation.warned) * (1.0 - clause)


@rule
def felt_criticism(w, j, i):
    """F_ji = H_ji (1 - rho_ji): what j feels of the criticism by i."""
    held = w.held[j, i]
    return held * (1.0 - understanding(w, j, i)) if held > 0.0 else 0.0


@rule
def exit_pressure(complaint, own, understood, seen, p):
    """P = kappa own vis (1 - mu rho): complaint that is held against the partner, as far as the partnership is seen."""
    return complaint * own * seen * (1.0 - p.role_calms * understood)


@rule
def is_suspended(w, k):
    """Whether the members of pair k rest for now; two who were both asked rest while one of their memberships does."""
    partnership = w.partnership[k]
    if partnership.link == 0:
        return w.clock[0].week < partnership.suspended_until
    hub = w.alliance[partnership.alliance].initiator
    for i in (partnership.a, partnership.b):
        if w.clock[0].week < w.partnership[w.partnership_of[hub, i]].suspended_until:
            return True
    return False


@rule
def visible_share(w, k):
    """Vis: 1 for a public partnership, less in the shadow or while it is suspended."""
    hidden = w.partnership[k].visibility == Visibility.SHADOW or is_suspended(w, k)
    return SHADOW_VISIBILITY if hidden else 1.0


@rule
def pressure_on(w, k, j, i):
    """Pressure on j to leave pair k because of what i said."""
    complaint = w.organisation[j].complaint
    if complaint <= 0.0 or w.own[j, i] <= 0.0:
        return 0.0
    seen = visible_share(w, k)
    return exit_pressure(complaint, w.own[j, i], understanding(w, j, i), seen, w.parameter[0])
