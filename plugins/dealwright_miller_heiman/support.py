"""How far those who influence a deal are for us, each by their weight."""

from __future__ import annotations

from collections.abc import Sequence

from dealwright import STAKEHOLDER_FIELDS, Stakeholder

_AT = {field.id: at for at, field in enumerate(STAKEHOLDER_FIELDS)}
_BUYING_ROLES = ("EB", "user", "technical", "coach")
_LOWEST, _SPAN = -5, 10


def weight(influence: float) -> int:
    """Degree of influence: 1 low (influence 1 or 2), 2 medium (3), 3 high (4 or 5)."""
    if influence >= 4:
        return 3
    return 2 if influence >= 3 else 1


def support(people: Sequence[Stakeholder]) -> float:
    """0 (all against us) to 1 (all for us): the ratings of -5 to +5, weighted by degree; 0 where nobody is rated.

    Of those in a buying role (economic, user, technical, coach) who have both an influence and
    an attitude. Whoever lacks one counts nothing here; red flags tell of them.
    """
    total = gained = 0.0
    for person in people:
        role, influence, attitude = (person.values[_AT[name]] for name in ("role", "influence", "attitude"))
        if role not in _BUYING_ROLES or influence is None or attitude is None:
            continue
        degree = weight(influence)
        total += degree
        gained += degree * (attitude - _LOWEST) / _SPAN
    return gained / total if total else 0.0
