"""Two new measures: one that a record holds already, and one that a rule computes.

The largest heat that an organisation ever felt is stored in its record, but nobody can read it: a declaration is
enough. How far two trust *each other* is the lower of their trusts: a declaration, and a rule of two lines. Both are
then outcomes of every run, weekly series, and columns of every table. Run this page with
``python examples/a_new_measure.py``.
"""

from __future__ import annotations

from scratch import Scratch

PROGRAM = """
import sim
case = sim.scenario("campaign-while-partnering").replace(weeks=40, firms={"number": 3})
names = ["peak_heat_federation", "mutual_trust_ombud_federation", "trust_ombud_federation", "trust_federation_ombud"]
worlds = sim.simulate(case, 1, seed=3, threads=1, series=names)
for name in names:
    about = sim.observe.measures.measure(name)
    print(f"{about.label:45} {worlds.series[name][0][-1]:.4f}   ({about.unit})")
print(*(name in worlds.outcomes for name in names[:2]))
"""

LANGUAGES = {
    "en": ("largest heat on {i}", "trust of {i} and {j} in each other"),
    "nb": ("største press på {i}", "tillit mellom {i} og {j}"),
    "da": ("største pres på {i}", "tillid mellem {i} og {j}"),
}


def main() -> list[str]:
    """Make the change and show what it does; returns the files that it touched."""
    with Scratch() as scratch:
        # 1. Declared once: id, what it is of ("i" an organisation, "ij" two), unit, definition; then whether more
        #    is better, and where it is stored. The second one is stored nowhere.
        scratch.insert(
            "sim/vocabulary/quantities.py",
            """    Quantity("peak_heat", "i", "0 to 1", "largest heat so far",
             direction=-1, measured="outcome", stored=Stored("organisation.peak_heat")),
    Quantity("mutual_trust", "ij", "0 to 1", "the lower of the trusts of {i} and {j} in each other",
             direction=1, measured="outcome"),
""",
            before='    Quantity("trust", "ij"',
        )

        # 2. What is computed has a rule and one line beside it. `Computed` knows its name from the declaration.
        scratch.insert(
            "sim/observe/quantities.py",
            """    if code == Computed.MUTUAL_TRUST:
        return mutual_trust(w, i, j)
""",
            before="    k = w.partnership_of[i, j]\n    if k < 0:\n        return 0.0",
        )
        scratch.insert(
            "sim/observe/quantities.py",
            '''@rule
def mutual_trust(w, i, j):
    """The lower of the trusts of i in j and of j in i."""
    n = w.organisation.shape[0]
    return min(w.relation[i * n + j].trust, w.relation[j * n + i].trust)


''',
            before="@rule\ndef told(w, i, j):",
        )
        code = list(scratch.touched)

        # 3. What it is called: a line in each language.
        for short, (heat, trust) in LANGUAGES.items():
            scratch.insert(
                f"sim/words/{short}/measures.toml",
                f'\npeak_heat = "{heat}"\nmutual_trust = "{trust}"',
                after="[measure]",
            )

        print(scratch.run(PROGRAM))
        return code


if __name__ == "__main__":
    print("touched, words apart:", *main())
