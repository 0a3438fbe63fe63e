"""Figures from the log."""
