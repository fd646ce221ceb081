"""A new verb: to thank a partner.

A plan may want to thank a partner: the partner's trust rises a little, at the price of two hours. A verb has four
places in the code, and a few words in each language. Run this page with ``python examples/a_new_verb.py``.
"""

from __future__ import annotations

from scratch import Scratch

PROGRAM = """
import sim
plan = [{"verb": "thank", "by": "ombud", "to": "ngo", "when": 1}]
case = sim.scenario("baseline").replace(
    organisation=[{"id": "ombud", "type": "ombud"}, {"id": "ngo", "type": "ngo"}, {"id": "union", "type": "union"}],
    partnership=[{"members": ["ombud", "ngo"], "joint": 0}], dyad=[], weeks=3, firms={"number": 3}, plan=plan,
)
worlds = sim.simulate(case, 1, threads=1, series=["trust_ngo_ombud", "cost_hours_ombud"])
print(" ".join(f"{x:.4f}" for x in worlds.series["trust_ngo_ombud"][0]), len(worlds.refusals))
print(sim.story(case).text().splitlines()[0][12:])
nobody = case.replace(plan=[{**plan[0], "to": "union"}])
print(*sim.simulate(nobody, 1, threads=1).refusals.iloc[0][["verb", "reason"]])
"""

LANGUAGES = {
    "en": ("thank {b}", "{A} thanks {b}.", "Thank", "{by} thanks {to}", ""),
    "nb": ("takke {b}", "{A} takker {b}.", "Takk", "{by} takker {to}", "Takk en partner."),
    "da": ("takke {b}", "{A} takker {b}.", "Tak", "{by} takker {to}", "Tak en partner."),
}


def main() -> list[str]:
    """Make the change and show what it does; returns the files that it touched."""
    with Scratch() as scratch:
        # 1. Its row in the vocabulary: a number that no verb had before, hours, EUR.
        scratch.insert("sim/vocabulary/verbs.py", "    THANK = 99, 2\n", before="\n\nclass Strategy(Coded):")

        # 2. Its arguments. What each becomes in a compiled plan stands with its type: `Who` is an organisation.
        scratch.insert(
            "sim/scenarios/actions.py",
            '''class Thank(Action):
    """Thank a partner in person."""

    verb: Literal["thank"]
    by: Who
    to: Who


''',
            before="class Pause(Action):",
        )

        # 3. Its rule. It says why it cannot be done, or does it and returns DONE; `spend` takes the price.
        scratch.insert(
            "sim/plan/partnering.py",
            '''@rule
def thank(w, k):
    """Thank a partner: T += 0.05 (1 - T)."""
    action = w.action[k]
    if not is_active(w.partnership[action.partnership]):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    relation = w.relation[action.to * w.organisation.shape[0] + action.by]
    relation.trust += 0.05 * (1.0 - relation.trust)
    return DONE


''',
            before="@rule\ndef pause(w, k):",
        )

        # 4. Its line where plans are carried out.
        scratch.replace("sim/plan/carry_out.py", "    sign,\n", "    sign,\n    thank,\n")
        scratch.insert(
            "sim/plan/carry_out.py",
            "    if verb == Verb.THANK:\n        return thank(w, k)\n",
            before="    return shock(w, k)",
        )
        code = list(scratch.touched)

        # 5. Words: how a story tells a refusal and what was done, and how plans name it and say it.
        for language, (refused, done, label, said, summary) in LANGUAGES.items():
            story, plans = f"sim/words/{language}/story.toml", f"sim/words/{language}/plans.toml"
            scratch.insert(story, f'\nthank = "{refused}"', after="[verb]")
            scratch.insert(story, f'\nthank = "{done}"', after="[done]")
            for heading, text in (("verb", label), ("sentence", said), ("summary", summary)):
                if text:
                    scratch.insert(plans, f'\nthank = "{text}"', after=f"[{heading}]")

        print(scratch.run(PROGRAM))
        return code


if __name__ == "__main__":
    print("touched, words apart:", *main())
