"""Objects that live in processes of their own and are asked the same question together.

The first lives in the process that asks, so that with one object nothing is started and nothing is sent.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from typing import Any, Generic, TypeVar

_Own = TypeVar("_Own")


class ProcessLost(RuntimeError):
    """A process ended before it answered, as one does that is killed for its memory."""


class Team(Generic[_Own]):
    """Objects made by one function from different arguments, each in its process; use `team_of`."""

    def __init__(self, make: Callable[..., _Own], shares: Sequence[tuple[Any, ...]]) -> None:
        context = _context()
        self._others: list[tuple[Any, Connection]] = []
        for share in shares[1:]:
            here, there = context.Pipe()
            process = context.Process(target=_answer, args=(there, make, share), daemon=True)
            process.start()
            there.close()
            self._others.append((process, here))
        self.own = make(*shares[0])

    def ask(self, question: Callable[..., Any], *arguments: Sequence[Any]) -> list[Any]:
        """What the function gives for each object and its arguments (a sequence with one value for each object).

        Raises:
            ProcessLost: one of the processes is gone.
        """
        given = list(zip(*arguments, strict=True)) if arguments else [()] * self.size
        try:
            for (_, connection), values in zip(self._others, given[1:], strict=True):
                connection.send((question, values))
            answers = [question(self.own, *given[0])]
            for _, connection in self._others:
                is_answer, answer = connection.recv()
                if not is_answer:
                    raise answer
                answers.append(answer)
        except (EOFError, ConnectionError) as error:
            raise ProcessLost from error
        return answers

    def tell(self, question: Callable[..., Any], *arguments: Any) -> list[Any]:
        """`ask`, with the same arguments for all."""
        return self.ask(question, *([argument] * self.size for argument in arguments))

    @property
    def size(self) -> int:
        """How many objects there are."""
        return 1 + len(self._others)

    def end(self) -> None:
        """Ends the other processes."""
        for process, connection in self._others:
            connection.close()
            process.terminate()
            process.join()


@contextmanager
def team_of(make: Callable[..., _Own], shares: Sequence[tuple[Any, ...]]) -> Iterator[Team[_Own]]:
    """A team whose objects are `make` of each share, while the context lasts.

    Everything that is made lives until then, so nothing is searched for garbage in the meantime.
    """
    was_collecting = gc.isenabled()
    gc.disable()
    team = None
    try:
        team = Team(make, shares)
        yield team
    finally:
        if team is not None:
            team.end()
        if was_collecting:
            gc.enable()


def usable_processes() -> int:
    """How many processes can work at once here; 1 where this one may start no others."""
    if multiprocessing.current_process().daemon:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> ForkContext | SpawnContext:
    """A fork shares what is in memory; beside other threads it may copy a lock that nobody will open."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork") if can_fork else multiprocessing.get_context("spawn")


def _answer(connection: Connection, make: Callable[..., Any], share: tuple[Any, ...]) -> None:
    """Makes the object and answers until nobody asks any more; a failure is the answer to the question."""
    gc.disable()
    own: Any = None
    failure: Exception | None = None
    try:
        own = make(*share)
    except Exception as error:
        failure = error
    while True:
        try:
            question, values = connection.recv()
        except EOFError:
            return
        try:
            answer = (False, failure) if failure is not None else (True, question(own, *values))
        except Exception as error:
            answer = (False, error)
        connection.send(answer)
