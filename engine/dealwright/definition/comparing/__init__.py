"""What changed between two versions of a process, in the words of whoever writes them."""

from dealwright.definition.comparing.change import Change
from dealwright.definition.comparing.compare import compare_processes

__all__ = ["Change", "compare_processes"]
