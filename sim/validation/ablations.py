"""Which mechanisms the patterns need: the model without each of them, and with rival ones, in the same worlds.

A mechanism without which a pattern fails is needed by that pattern. One that can go, or be replaced, while everything
passes is allowed: it comes from literature, not from these patterns, and they cannot tell whether it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.validation.patterns import chosen
from sim.validation.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sim.validation.checks import Check

Kind = Literal["default", "removal", "value", "alternative"]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way in which the model could be otherwise.

    Attributes
    ----------
    name
        Its key in files.
    label
        What it is, in words.
    kind
        "default"; a "removal" of a mechanism; another "value"; an "alternative" theory.
    about
        The mechanism it takes away or replaces, in words that end a sentence.
    parameters
        Values that make it, beyond plausible ranges where a mechanism is taken away.
    """

    name: str
    label: str
    kind: Kind
    about: str
    parameters: Mapping[str, float]


VARIANTS: tuple[Variant, ...] = (
    Variant("default", "default", "default", "the model as it is", {}),
    Variant("no_grievance", "no memory of grievance", "removal", "grievance", {"grievance_gain": 0.0}),
    Variant("no_heat", "heat does not drive exits", "removal", "heat in the exit", {"exit_heat": 0.0}),
    Variant(
        "grievance_for_heat",
        "grievance instead of heat drives exits",
        "alternative",
        "grievance in the place of heat",
        {"exit_heat": 0.0, "exit_grievance": 8.0},
    ),
    Variant(
        "no_self_excitation",
        "coverage does not breed coverage",
        "removal",
        "self-exciting coverage",
        {"branching_base": 0.0, "branching_conflict": 0.0},
    ),
    Variant(
        "no_amplification",
        "conflict does not breed coverage",
        "removal",
        "coverage amplified by conflict",
        {"branching_conflict": 0.0},
    ),
    Variant(
        "symmetric_trust",
        "trust is lost as slowly as it is gained",
        "removal",
        "the asymmetry of trust",
        {"trust_loss": REGISTRY["trust_gain"].default},
    ),
    Variant(
        "fixed_anchor",
        "the anchor of trust does not learn",
        "removal",
        "a learning anchor",
        {"anchor_learning": 0.0, "breach_scar": 0.0},
    ),
    Variant(
        "short_grievance",
        "grievance halves in 13 weeks",
        "value",
        "a half-life of grievance of 13 weeks",
        {"grievance_half_life": 13.0},
    ),
    Variant(
        "long_grievance",
        "grievance halves in 52 weeks",
        "value",
        "a half-life of grievance of 52 weeks",
        {"grievance_half_life": 52.0},
    ),
    Variant("no_language", "no common language is learned", "removal", "a common language", {"language_learning": 0.0}),
    Variant(
        "no_gain", "joint work builds no trust", "removal", "trust gained by working together", {"trust_gain": 0.0}
    ),
    Variant(
        "complex_contagion",
        "firms wait for a share of their peers",
        "alternative",
        "complex contagion",
        {"complex_contagion": 1.0},
    ),
    Variant("leaks", "ideas leak (0.002 a week)", "alternative", "leaks", {"leak_rate": 0.002}),
)
"""The model first, then what it could be instead."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """What the patterns say about one variant.

    Attributes
    ----------
    variant
        What was changed.
    checks
        Lines of the patterns that may set parameters.
    touched
        Patterns with a number that differs from the default's.
    fails
        Patterns with a failing line.
    lost
        Patterns that the default passes and this variant fails.
    narrow
        Patterns of `lost` whose interval also reaches what would pass.
    """

    variant: Variant
    checks: tuple[Check, ...]
    touched: tuple[str, ...]
    fails: tuple[str, ...]
    lost: tuple[str, ...]
    narrow: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """What follows, in a few words."""
        if self.variant.kind == "default":
            return f"fails {', '.join(self.fails)}" if self.fails else "passes everything"
        if self.lost:
            why = ", ".join(f"{name} (narrowly)" if name in self.narrow else name for name in self.lost)
            return f"{'needed' if self.variant.kind == 'removal' else 'ruled out'}: fails {why}"
        if not self.touched:
            return "allowed: no pattern changes"
        if self.fails:
            return f"undecided: fails {', '.join(self.fails)}, as the default does"
        return "allowed: passes everything; the patterns do not identify it"

    def value(self, pattern: str, place: int = 0) -> float | None:
        """Return the number of a pattern's line, None if it was not asked for."""
        found = [check.value for check in self.checks if check.id == pattern]
        return found[place] if place < len(found) else None


ON_REQUEST = ("P37",)
"""Patterns that need forty thousand partnerships a variant."""


def ablate(
    replicates: int = 400,
    patterns: Iterable[str] | None = None,
    case: str | None = None,
    *,
    seed: int = 0,
    parameters: Mapping[str, float] | None = None,
    variants: Sequence[Variant] = VARIANTS,
    progress: Callable[[int, int], None] | None = None,
) -> list[Ablation]:
    """Hold every variant against the patterns that may set parameters, all in the same worlds.

    Parameters
    ----------
    replicates, patterns, case, seed
        As for `validate`; patterns of `ON_REQUEST` only when named.
    parameters
        Values that all variants share; what a variant changes wins.
    variants
        The first is what the others are compared with.
    progress
        Called with (patterns done, patterns of all variants).

    Returns
    -------
    list of Ablation
        One a variant, in order.

    Raises
    ------
    InputError
        An unknown pattern or case, or none that may set parameters.
    """
    wanted = [pattern for pattern in chosen(patterns, case) if patterns or pattern.id not in ON_REQUEST]
    rows: list[Ablation] = []
    for number, variant in enumerate(variants):
        worlds = Worlds(replicates, seed, {**(parameters or {}), **variant.parameters}, beyond_range=True)
        checks: list[Check] = []
        for done, pattern in enumerate(wanted):
            checks.extend(check for check in pattern.measure(worlds) if check.use == "CAL")
            if progress is not None:
                progress(number * len(wanted) + done + 1, len(variants) * len(wanted))
        if not checks:
            names = ", ".join(pattern.id for pattern in wanted)
            raise InputError(f"--ablations: {names} verify the code, expected a pattern that may set parameters")
        rows.append(_judged(variant, checks, rows[0] if rows else None))
    return rows


def _judged(variant: Variant, checks: list[Check], default: Ablation | None) -> Ablation:
    usual = default.checks if default else tuple(checks)
    failing = [check for check in checks if not check.passed]
    fails = _ids(failing)
    lost = tuple(name for name in fails if name not in default.fails) if default else ()
    clear = _ids([check for check in failing if check.settled])
    changed = [check for check, before in zip(checks, usual, strict=True) if _differs(check.value, before.value)]
    narrow = tuple(name for name in lost if name not in clear)
    return Ablation(variant, tuple(checks), _ids(changed), fails, lost, narrow)


def _ids(checks: list[Check]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check.id for check in checks))


def _differs(value: float, before: float) -> bool:
    """Compare exactly: worlds that a variant does not touch are the same to the last bit."""
    return value != before and not (value != value and before != before)  # two missing values are equal


def conclusions(rows: Sequence[Ablation]) -> list[str]:
    """Say what the patterns identify and what they do not, one sentence each."""
    others = [row for row in rows if row.variant.kind != "default"]
    needed = [row for row in others if row.lost and row.variant.kind == "removal"]
    ruled_out = [row for row in others if row.lost and row.variant.kind != "removal"]
    allowed = [row for row in others if row.touched and not row.fails]
    undecided = [row for row in others if row.touched and row.fails and not row.lost]
    unseen = [row for row in others if not row.lost and not row.touched]
    found = [
        _sentence("Needed by the patterns", needed, reasons=True),
        _sentence("Ruled out", ruled_out, reasons=True),
        _sentence("Not identified (no pattern fails without it, or with it instead)", allowed),
        _sentence("Undecided (fails what the default fails too)", undecided),
        _sentence("Not tested (no pattern's number changes with it)", unseen),
    ]
    return [text for text in found if text]


def _sentence(start: str, rows: list[Ablation], *, reasons: bool = False) -> str:
    named = [f"{row.variant.about} ({', '.join(row.lost)})" if reasons else row.variant.about for row in rows]
    return f"{start}: {'; '.join(named)}." if named else ""
