"""The pages, one a module: each is a component that reads the session and calls it."""

from __future__ import annotations
