"""A new rule: in the summer holidays, grievances rest.

Suppose that grievance fades faster when nobody works: in July it loses a further share a week. That is one rule,
one parameter, one line in the week. Run this page with ``python examples/a_new_rule.py``.
"""

from __future__ import annotations

from scratch import Scratch

# A small world, so that a run without compilation takes seconds: a campaign, and the grievance that it leaves.
PROGRAM = """
import sim
case = sim.scenario("campaign-while-partnering").replace(weeks=60, firms={"number": 3})
worlds = sim.simulate(case, 1, seed=3, threads=1, series=["grievance_federation_ombud"])
print(" ".join(f"{x:.4f}" for x in worlds.series["grievance_federation_ombud"][0][[20, 30, 46, 59]]))
"""


def main() -> list[str]:
    """Make the change and show what it does; returns the files that it touched."""
    with Scratch() as scratch:
        before = scratch.run(PROGRAM)

        # 1. The number that a reader may want to vary is a parameter: a row with default, range, unit, meaning, source
        #    and confidence. Nothing else has to know of it.
        scratch.insert(
            "sim/parameters/trust.py",
            """    row("holiday_rest", "", 0.02, 0.0, 0.2, "share a week",
        "Share of a grievance that fades in a week of July, beside its half-life.", "assumption", "low"),
""",
            before='    row("trust_return"',
        )

        # 2. The rule: a small function with its equation. `w` is the world, `p` the parameters; `relation` is what one
        #    organisation holds of another.
        scratch.insert(
            "sim/rules/trust.py",
            '''@rule
def rest_in_holidays(w, week):
    """In July, G *= 1 - holiday_rest for every relation."""
    p = w.parameter[0]
    if w.calendar[week].month != 7:
        return
    for k in range(w.relation.shape[0]):
        w.relation[k].grievance *= 1.0 - p.holiday_rest


''',
            before="@rule\ndef update_value(w):",
        )

        # 3. Its place in the week: one readable line.
        scratch.replace(
            "sim/schedule.py", "import break_due_promises, ", "import break_due_promises, rest_in_holidays, "
        )
        scratch.insert(
            "sim/schedule.py",
            "    rest_in_holidays(world, week)  # 11. grievance rests in holidays (S8)\n",
            before="    update_value(world)",
        )

        # 4. What it did. With the share at 0, nothing: the same numbers as before, to the last digit.
        after = scratch.run(PROGRAM)
        without = scratch.run(PROGRAM.replace("threads=1,", 'threads=1, parameters={"holiday_rest": 0.0},'))
        if without != before or after == before:
            raise AssertionError(f"before {before}, after {after}, without {without}")
        print("grievance of the federation against the ombud in weeks 20, 30, 46 and 59")
        print(f"  before         {before}")
        print(f"  with the rule  {after}")
        return scratch.touched


if __name__ == "__main__":
    print("touched:", *main())
