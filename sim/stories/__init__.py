"""Scenarios and worlds as people read them: plans, conditions and task boards in words, and the story of a world."""

from __future__ import annotations

from sim.stories.one_world import Story, StoryLine, story, tell_world

__all__ = ["Story", "StoryLine", "story", "tell_world"]
