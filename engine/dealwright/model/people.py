"""People and the roles they hold, as `team.yaml` says."""

from msgspec import Struct

SYSTEM = "system"  # the actor of what time or a rule does


class Person(Struct, frozen=True, omit_defaults=True):
    """Somebody of the team. `os_user` is the operating system's name that acts as this person."""

    id: str
    roles: tuple[str, ...]
    name: str = ""
    os_user: str = ""


class Team(Struct, frozen=True):
    """Everybody, by id, in the file's order."""

    people: dict[str, Person] = {}

    def holders(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """The people who hold any of `roles`, in the team's order."""
        wanted = set(roles)
        return tuple(p.id for p in self.people.values() if wanted.intersection(p.roles))

    def roles_of(self, person: str) -> tuple[str, ...]:
        """What `person` may act as; nobody unknown holds a role."""
        found = self.people.get(person)
        return found.roles if found else ()
