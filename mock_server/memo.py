"""A small memory of answers to a question that is asked again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """At most so many answers; the oldest is forgotten first."""

    __slots__ = ("_answers", "_capacity", "get")

    def __init__(self, capacity: int) -> None:
        self._answers: OrderedDict[Hashable, T] = OrderedDict()
        self._capacity = capacity
        self.get = self._answers.get

    def put(self, question: Hashable, answer: T) -> None:
        """Remember an answer."""
        self._answers[question] = answer
        if len(self._answers) > self._capacity:
            self._answers.popitem(last=False)
