"""SPIN as a dealwright plugin."""
