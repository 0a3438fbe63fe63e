"""Data from other systems and for them. Take names from the modules: each format costs only those who use it."""
