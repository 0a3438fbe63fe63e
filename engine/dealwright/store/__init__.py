"""Stores that keep the log. The default is TinyDB on SQLite rows."""
