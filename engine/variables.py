"""The variables of an instance in scopes, as Camunda 8 has them."""

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence

from engine.feel import Value, from_json, to_json

PROCESS_SCOPE = "process"
"""The outermost scope of the main process; the others are named by the token that opened them."""


class Scopes:
    """The variables of one instance.

    A *chain* is the sequence of scope names that an element sees, the innermost first. Values are shared
    between scopes and never changed in place: who changes a context or a list stores a new one.
    """

    def __init__(self, scopes: Mapping[str, Mapping[str, Value]] | None = None) -> None:
        self._scopes: dict[str, dict[str, Value]] = {
            name: dict(variables) for name, variables in (scopes or {}).items()
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self._scopes)

    def local(self, scope: str) -> Mapping[str, Value]:
        """Return the variables of this one scope."""
        return self._scopes.get(scope, {})

    def view(self, chain: Sequence[str]) -> Mapping[str, Value]:
        """Return everything in reach: inner variables hide outer ones of the same name."""
        return ChainMap(*(self._scopes[name] for name in chain if name in self._scopes))

    def assign_local(self, scope: str, target: str, value: Value) -> None:
        """Set a variable of this one scope; a target ``a.b`` sets an entry of the context ``a``."""
        variables = self._scopes.setdefault(scope, {})
        name, *path = target.split(".")
        variables[name] = with_entry(variables.get(name), path, value)

    def assign(self, chain: Sequence[str], target: str, value: Value) -> None:
        """Set a variable where it is: in the nearest scope that has its name, else in the outermost."""
        name = target.split(".", 1)[0]
        holder = next((scope for scope in chain if name in self._scopes.get(scope, {})), chain[-1])
        self.assign_local(holder, target, value)

    def drop(self, scope: str) -> None:
        """Forget a scope; its variables end with what opened it."""
        self._scopes.pop(scope, None)

    def to_json(self) -> dict[str, object]:
        """Return all scopes as JSON without loss."""
        return {name: to_json(variables) for name, variables in self._scopes.items() if variables}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Scopes":
        """Return the scopes that ``to_json`` wrote.

        Raises:
            ValueError: it did not write this.

        """
        scopes: dict[str, dict[str, Value]] = {}
        for name, variables in stored.items():
            restored = from_json(variables)
            if not isinstance(restored, dict):
                raise ValueError(f"scope {name} holds no variables")  # noqa: TRY004 -- what was stored is wrong
            scopes[name] = restored
        return cls(scopes)


def with_entry(value: Value, path: Sequence[str], entry: Value) -> Value:
    """Return ``value`` with ``entry`` at ``path``; what is no context on the way gives way to one."""
    if not path:
        return entry
    context = dict(value) if isinstance(value, dict) else {}
    context[path[0]] = with_entry(context.get(path[0]), path[1:], entry)
    return context
