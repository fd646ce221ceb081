"""What runs in the browser, and its faces in Python: header, sliders, charts, player, plan editor."""

from __future__ import annotations
