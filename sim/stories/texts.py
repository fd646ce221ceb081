"""What a scenario's things are called in a language: organisations, measures, the shipped cases."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sim.observe.measures import measure as describe
from sim.observe.measures import split
from sim.scenarios import catalogue
from sim.scenarios import scenario as load
from sim.vocabulary.audiences import AUDIENCES
from sim.words.language import Language, language
from sim.words.numbers import capital

if TYPE_CHECKING:
    from sim.scenarios import Scenario


@cache
def _shipped(name: str) -> tuple[str, str]:
    """Title and question of a scenario of the catalogue; empty if there is none of that name."""
    if name not in catalogue():
        return "", ""
    found = load(name)
    return found.title, found.question


@cache
def texts(code: str) -> Texts:
    """Return the words of a language by its code, with the names of what scenarios hold."""
    return Texts(code, language(code).words)


class Texts(Language):
    """Words of one language, also for what a scenario names."""

    def organisation(self, scenario: Scenario, identifier: str) -> str:
        """Name of an organisation, as the scenario has it or in this language."""
        row = next((one for one in scenario.organisation if one.id == identifier), None)
        plain = (row.name if row and row.name else identifier).replace("_", " ")
        return str(self.words["story"]["organisation"].get(plain, plain))

    def measure(self, identifier: str, scenario: Scenario) -> str:
        """Label of a measure, with the names of its organisations."""
        row, arguments = split(identifier, scenario.organisation_ids)
        template = self.words["measure"].get("" if row is None else row.key)
        if template is None:
            return capital(describe(identifier).label)
        names = [
            self.maybe("audience", one, one) if one in AUDIENCES else self.named(self.organisation(scenario, one))
            for one in arguments
        ]
        if row is not None and row.of == "i0" and scenario.default_initiator is not None:
            names.append(self.named(self.organisation(scenario, scenario.default_initiator)))
        i, j = (*names, "", "")[:2]
        return capital(str(template).format(i=i, j=j, a=j or i))

    def scenario(self, scenario: Scenario) -> str:
        """Title of a scenario; one that a file of a user gives stays as it is."""
        shipped = scenario.title == _shipped(scenario.name)[0]
        written = scenario.title or scenario.name
        return self.maybe("scenario", scenario.name, written) if shipped else written

    def question(self, scenario: Scenario) -> str:
        """Question that a scenario asks; one that a file of a user gives stays as it is."""
        shipped = scenario.question == _shipped(scenario.name)[1]
        return self.maybe("question", scenario.name, scenario.question) if shipped else scenario.question

    def assumption(self, written: str) -> str:
        """Assumption of a scenario; those of a user's file stay as they are."""
        return self.maybe("assumption", written, written)
