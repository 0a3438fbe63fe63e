"""Plugins: which ones exist, loading those that the workspace allows, and calling them under guard."""

from dealwright.plugins.loading import load_plugins
from dealwright.plugins.manager import Plugins

__all__ = ["Plugins", "load_plugins"]
