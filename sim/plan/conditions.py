"""Conditions of plans at work: their programs run on what can be read of a world before a week begins."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.observe.quantities import read
from sim.vocabulary.coded import Coded


class Operation(Coded):
    """Steps of a condition in postfix order, each with its sign in the program of a condition."""

    def __init__(self, code: int, sign: str) -> None:
        self.sign = sign

    NUMBER = 0, "number"
    OBSERVE = 1, "observe"
    LESS = 2, "<"
    LESS_EQUAL = 3, "<="
    GREATER = 4, ">"
    GREATER_EQUAL = 5, ">="
    EQUAL = 6, "=="
    NOT_EQUAL = 7, "!="
    AND = 8, "and"
    OR = 9, "or"
    NOT = 10, "not"

    @property
    def word(self) -> str:
        """The sign."""
        return self.sign

    @classmethod
    def of(cls, word: str) -> Operation:
        """Return the operation with a sign."""
        return next(member for member in cls if member.sign == word)


@rule
def _observe(w, step, now):
    """Value of the quantity of one instruction; a number of weeks stands in the place of a second organisation."""
    return read(w, step.name, step.a, int(step.number) if step.a < 0 else step.b, now)


@rule
def _compare(operation, left, right):
    if operation == Operation.LESS:
        return left < right
    if operation == Operation.LESS_EQUAL:
        return left <= right
    if operation == Operation.GREATER:
        return left > right
    if operation == Operation.GREATER_EQUAL:
        return left >= right
    if operation == Operation.EQUAL:
        return left == right
    if operation == Operation.NOT_EQUAL:
        return left < right or left > right  # not true of what is missing
    if operation == Operation.AND:
        return left != 0.0 and right != 0.0
    return left != 0.0 or right != 0.0


@rule
def holds(w, start, stop, now):
    """Whether the condition code[start:stop] holds before week `now` begins."""
    stack = w.stack
    height = 0
    for line in range(start, stop):
        step = w.code[line]
        if step.operation == Operation.NUMBER:
            stack[height] = step.number
            height += 1
        elif step.operation == Operation.OBSERVE:
            stack[height] = _observe(w, step, now)
            height += 1
        elif step.operation == Operation.NOT:
            stack[height - 1] = 1.0 if stack[height - 1] == 0.0 else 0.0
        else:
            height -= 1
            stack[height - 1] = 1.0 if _compare(step.operation, stack[height - 1], stack[height]) else 0.0
    return stack[0] != 0.0
