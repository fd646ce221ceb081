"""How firms take up the measures."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="adoption")

# fmt: off
ADOPTION: tuple[Parameter, ...] = (
    row("base_rate", "p0", 0.008, 0.0024, 0.024, "per year",
        "Rate at which a firm acts without any push.", "Bass 1969 (shape); set below the usual value", "low"),
    row("manager_rate", "p_mgr", 0.04, 0.01, 0.16, "per year",
        "Rate at which a firm acts when all managers know.", "calibrated to P47 (under a quarter in five years)", "low",
        core=True,
        label="adoption when managers know"),
    row("staff_rate", "p_staff", 0.04, 0.01, 0.16, "per year",
        "Rate at which a firm acts when all of its staff know and ask.",
        "Chuang, Church & Ophir 2011; Briscoe & Safford 2008 (direction, recalled); set with P47", "low", core=True,
        label="adoption when staff know"),
    row("federation_rate", "p_fed", 0.08, 0.02, 0.32, "per year",
        "Rate at which a member acts when its federation is believed and passes on all it has.",
        "nothing found: wide on purpose", "low", core=True,
        label="adoption through the federation"),
    row("joint_push", "eta_J", 0.10, 0.03, 0.3, "per week",
        "How fast results of joint work become something that a federation passes on.", "assumption", "low"),
    row("shadow_push", "v_shadow", 0.75, 0.0, 1.0, "ratio",
        "How much a federation passes on from a partnership in the shadow, compared with a public one.",
        "assumption", "low"),
    row("press_rate", "p_press", 3.0, 1.0, 6.0, "per year",
        "Rate at which a firm acts that is named in full public criticism.",
        "King 2008; McDonnell & King 2013 (share of conceding targets recalled)", "low", core=True,
        label="adoption of firms that are named"),
    row("crowd_share", "g", 0.05, 0.005, 0.5, "share",
        "What criticism of all employers is worth to an unnamed firm, compared with being named.",
        "nothing found: wide on purpose", "low", core=True,
        label="press on firms nobody names"),
    row("peer_rate", "q", 0.38, 0.0, 0.5, "per year",
        "Rate at which a firm acts when all its peers have acted in public.",
        "Bass 1969; Sultan, Farley & Lehmann 1990 (0.3-0.5); Ahlzén 2021 (may be near 0)", "medium",
        core=True,
        label="adoption through peers"),
    row("quiet_visibility", "v_q", 0.2, 0.1, 0.4, "share",
        "How visible a firm that acted quietly is to its peers.", "assumption", "low"),
    row("flagship_share", "s_flag", 0.03, 0.0, 0.2, "share",
        "How much a flagship firm that acted in public counts among the peers of every firm.",
        "assumption (a direct peer is 1 in 8)", "low"),
    row("flagship_weight", "w_flag", 6.0, 3.0, 12.0, "firms",
        "Weight of the flagship firm compared with an ordinary one.", "assumption", "low"),
    row("public_share", "pi_pub", 0.5, 0.0, 1.0, "probability",
        "Chance that a firm that acts on its own does so in public.", "assumption", "low"),
    row("split_channel", "split_channel", 0.5, 0.0, 1.0, "share",
        "Share of the federation's influence counted for the federation rather than for its partners.",
        "assumption (a convention of accounting)", "low"),
    row("complex_contagion", "complex_contagion", 0.0, 0.0, 1.0, "switch",
        "Alternative theory: peers count only once enough of them have acted.",
        "Granovetter 1978; Centola 2010", "medium", integer=True),
    row("sensitivity_spread", "sens", 0.5, 0.25, 1.0, "log units",
        "How much firms differ in their sensitivity to the press.", "assumption", "low"),
    row("burden_spread", "burden", 0.5, 0.0, 1.0, "log units",
        "How much firms differ in what measures cost them.", "assumption", "low"),
    row("de_adoption_rate", "r_drop", 0.05, 0.0, 0.2, "per year",
        "Rate at which a firm gives up shallow measures that nobody around it supports; 0 turns it off.",
        "assumption", "low"),
    row("depth_plain", "depth", 0.5, 0.25, 1.0, "share",
        "How deep a change goes that rests on a list, teaser or guide.", "assumption", "low"),
)
# fmt: on
