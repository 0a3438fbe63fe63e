"""The Python API: a folder, a store and plugins; load, decide, append."""
