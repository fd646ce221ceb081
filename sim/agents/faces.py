"""Which class stands for which kind of organisation."""

from __future__ import annotations

from sim.agents.federation import EmployerFederation
from sim.agents.firm import NamedFirm
from sim.agents.ngo import NGO
from sim.agents.ombud import Ombud
from sim.agents.organisation import Organisation
from sim.vocabulary.kinds import code_of

_FACES: dict[int, type[Organisation]] = {
    code_of("ombud"): Ombud,
    code_of("ngo"): NGO,
    code_of("federation"): EmployerFederation,
    code_of("firm"): NamedFirm,
}


def face_of(kind: int) -> type[Organisation]:
    """Return the class of a kind: one with a word of its own to say, else `Organisation`."""
    return _FACES.get(kind, Organisation)
