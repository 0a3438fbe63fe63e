"""The pure decider: prepare, decide, evolve."""
