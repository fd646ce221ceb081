"""The one exception that bad input raises: a single line that names the place and what was expected."""

from __future__ import annotations


class InputError(ValueError):
    """Something a user wrote cannot be used.

    The text is one line that names the file (or option), the field, what was found and what was expected.
    The command line prints it and ends with exit code 2.
    """

    @property
    def said(self) -> str:
        """The text; one that has a key (`sim.words.language.Said`) can be said in other languages."""
        return str(self) if not self.args or not isinstance(self.args[0], str) else self.args[0]
