"""One session: its view with undo and redo, and the answers to it. Every browser tab has its own."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard.engine import FIRST_WORLDS, MORE_WORLDS, Answer, Latest, compared, refined, seconds_of
from sim.dashboard.sliders import slide, sliders_of
from sim.dashboard.state import History, View, decode
from sim.errors import InputError
from sim.stories.texts import Texts, texts

if TYPE_CHECKING:
    from collections.abc import Callable

#: A slider whose answer takes longer than this is answered by a worker, so that it never sticks.
PATIENCE = 0.15
_REPLAY_PAUSE = 1.1


class Session:
    """State of one session. What pages read are reactive values; what they call are methods."""

    def __init__(self, link: str) -> None:
        self.history = solara.reactive(History())
        self.note = solara.reactive("")
        self.refined: Any = solara.reactive(None)
        self.latest = Latest()
        self.last: Answer | None = None
        _at_the_end(self.latest.forget)
        try:
            self.history.value = History(decode(link))
        except InputError as error:
            self.note.value = texts("en")("app.link_bad", reason=error)

    @property
    def view(self) -> View:
        """What the session shows now."""
        found: View = self.history.value.present
        return found

    @property
    def words(self) -> Texts:
        """Texts in its language."""
        return texts(self.view.language)

    # --- changes

    def show(self, **changes: Any) -> None:
        """Change parts of the view."""
        self.history.value = self.history.value.change(replace(self.view, **changes))

    def attempt(self, change: Callable[[], dict[str, Any]]) -> bool:
        """Change parts of the view, or say why that does not work."""
        try:
            changes = change()
        except InputError as error:
            self.note.value = self.words("app.cannot", reason=self.words.say(error.said))
            return False
        self.note.value = ""
        self.show(**changes)
        return True

    def undo(self) -> None:
        """Go back by one change."""
        self.history.value = self.history.value.undo()

    def redo(self) -> None:
        """Take an undo back."""
        self.history.value = self.history.value.redo()

    def replay(self) -> None:
        """Show the last change once more: what was before, and then what is now."""
        if not self.history.value.past:
            return
        now = self.history.value
        shown = now.undo()
        self.history.value = shown

        def back() -> None:
            time.sleep(_REPLAY_PAUSE)
            if self.history.value == shown:  # nobody changed anything meanwhile
                self.history.value = now

        threading.Thread(target=back, daemon=True).start()

    def move(self, message: dict[str, Any]) -> None:
        """Move a slider of plan a or b, or of both where they have it; one drag is one step to undo."""
        which, slider = str(message["which"]), str(message["id"])
        if which not in ("a", "b", "both"):
            return
        view, history = self.view, self.history.value
        plans = {one: getattr(view, one) for one in ("a", "b") if which in (one, "both")}
        if which == "both":
            plans = {one: p for one, p in plans.items() if slider in [row.id for row, _ in sliders_of(p.scenario)]}
        try:
            slid = {one: slide(plan, slider, float(message["value"])) for one, plan in plans.items()}
        except InputError as error:
            self.note.value = self.words("app.cannot", reason=self.words.say(error.said))
        else:
            self.note.value = ""
            moved = replace(view, a=slid.get("a", view.a), b=slid.get("b", view.b))
            if message.get("fresh") or not history.past:
                history = history.change(moved)
            else:
                history = replace(history, present=moved, future=())
        self.history.value = replace(history, moves=history.moves + 1)  # one change, so one rendering

    # --- answers

    @property
    def asked(self) -> tuple[Any, ...]:
        """What an answer belongs to: the question, and the outcome that is shown."""
        return self.view.question, self.view.measure

    @property
    def settled(self) -> bool:
        """Whether the answer to the present question rests on all worlds."""
        better = self.refined.value
        return better is not None and better[0] == self.asked and better[1].worlds >= MORE_WORLDS

    def answer(self) -> Answer | None:
        """Return the best answer there is at once: refined, from the first worlds, or (a slow case) the last one."""
        better = self.refined.value
        if better is not None and better[0] == self.asked:
            self.last = better[1]
        elif self.last is None or not self._slow(self.view):
            self.last = compared(self.view, FIRST_WORLDS)
        return self.last

    def refine(self) -> None:
        """Ask for more worlds while nobody moves anything; in a slow case for the first ones, too."""
        if self.settled:
            return
        view, key = self.view, self.asked

        def done(found: Answer) -> None:
            self.refined.value = (key, found)

        jobs: list[Any] = [lambda wanted: refined(view, wanted)]
        if self._slow(view):
            jobs.insert(0, lambda _: compared(view, FIRST_WORLDS))
        self.latest.ask(jobs, done)

    @staticmethod
    def _slow(view: View) -> bool:
        return seconds_of(view, FIRST_WORLDS) > PATIENCE


def _at_the_end(job: Callable[[], None]) -> None:
    """Call something when the tab of this session is closed; without a server there is no tab."""
    from solara.server import kernel_context

    if kernel_context.has_current_context():
        kernel_context.get_current_context().on_close(job)


session_context: Any = solara.create_context(None)
