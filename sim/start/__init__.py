"""From a scenario to a world: its shape, what fills it, what each replicate draws."""
