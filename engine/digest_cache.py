"""Keeps what is made from content with a digest: it never changes, and all threads share it."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class DigestCache(Generic[T]):
    """The last values by digest; what has one digest never changes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, sha256: str, make: Callable[[], T]) -> T:
        """Return the value of ``sha256``, made now if it is not kept."""
        with self._lock:
            if sha256 in self._values:
                self._values.move_to_end(sha256)
                return self._values[sha256]
        value = make()
        with self._lock:
            kept = self._values.setdefault(sha256, value)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
            return kept
