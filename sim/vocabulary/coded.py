"""The common face of closed lists: a code for compiled rules, a word for files and people."""

from __future__ import annotations

from enum import IntEnum
from typing import Self

#: The week of what has not happened yet.
NEVER = -9999


class Coded(IntEnum):
    """A closed list. Each member has a number, which is never given to another, and a word: its name in small.

    A list whose members carry more (a verb its price) takes it in its own ``__init__``.
    """

    def __new__(cls, code: int, *_: object) -> Self:
        """Make a member of the first value alone."""
        member = int.__new__(cls, code)
        member._value_ = code
        return member

    @property
    def word(self) -> str:
        """As written in files."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Self:
        """Return the member with a word."""
        return cls[word.upper()]

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """All words, in the order of declaration."""
        return tuple(member.word for member in cls)


def numbers(*members: IntEnum) -> tuple[int, ...]:
    """Return members as plain numbers, which compiled rules can return and index with."""
    return tuple(int(member) for member in members)
