"""The same comparison on a Dask cluster: batches go to its workers, and one process gathers what they give.

Every worker runs the very function that a single process runs, ``linkage.compare_part`` for files and
``comparing.compare_batch`` for the database, whose result depends only on what it is given; so links and alerts are the
same to the last pair. What a worker that dies was given is done again by another one. Dask is needed for this alone and
is imported only here.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from inspect_app import matching
from inspect_app.matching import Match
from inspect_app.matching.comparing import Batch, Comparing, IdPair, compare_batch
from inspect_app.matching.linkage import Pair, Part, SearchSide, Spread, compare_part

# So many goods lines that comparing them takes far longer than sending them, and few enough to divide one step.
_LINES_A_BATCH: Final = 10
# Whoever saves a record waits meanwhile, so a cluster that is silent is not waited for longer than a person would.
_PATIENCE_S: Final = 2.0
_RETRIES: Final = 3

log = logging.getLogger(__name__)


class DaskMissing(Exception):
    """The package ``distributed`` is not installed here."""


class SchedulerUnreachable(Exception):
    """No Dask scheduler answers at ``address``, or it has no worker."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class WorkersDiffer(Exception):
    """Workers at ``address`` have other code of the matcher than this process, or none."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@contextmanager
def spread_over(address: str, *, timeout_s: int = 20) -> Iterator[Spread]:
    """Spreads parts over the workers of the scheduler at ``address``, for ``link``.

    Raises:
        DaskMissing: ``distributed`` is not installed.
        SchedulerUnreachable: nothing answers there, or no worker comes in time.
    """
    with _connected(address, timeout_s) as client:
        yield partial(_spread, client)


@contextmanager
def compared_over(address: str, *, timeout_s: int = 20, patience_s: float = _PATIENCE_S) -> Iterator[Comparing]:
    """Compares the batches of a screening on the workers of the scheduler at ``address``.

    What the cluster has not given back ``patience_s`` seconds after the last batch was sent is compared here instead.

    Raises:
        DaskMissing: ``distributed`` is not installed.
        SchedulerUnreachable: nothing answers there, or no worker comes in time.
        WorkersDiffer: a worker would not compare as this process does.
    """
    with _connected(address, timeout_s) as client:
        try:
            # It also has every worker import the matcher before anybody waits for it.
            codes = set(client.run(matcher_code).values())
        except Exception:
            raise WorkersDiffer(address) from None
        if codes != {matcher_code()}:
            raise WorkersDiffer(address)
        yield Comparing(partial(_compare, client, patience_s), _LINES_A_BATCH)


@cache
def matcher_code() -> str:
    """A hash of the source text of the matcher: where it is equal, the same pairs get the same matches."""
    files = sorted(Path(path) for folder in matching.__path__ for path in Path(folder).rglob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


@contextmanager
def _connected(address: str, timeout_s: int) -> Iterator[Any]:
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise DaskMissing from None
    try:
        client = distributed.Client(address, timeout=timeout_s)
    except OSError:
        raise SchedulerUnreachable(address) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=timeout_s)
        except TimeoutError:
            raise SchedulerUnreachable(address) from None
        yield client


def _spread(client: Any, side: SearchSide, parts: Sequence[Part]) -> Iterable[list[Pair]]:
    # On every worker, so that no worker that dies takes the only copy with it.
    sent = client.scatter(side, broadcast=True)
    # A pure function of its arguments may be called twice: nothing is missed and nothing doubled.
    futures = [client.submit(compare_part, sent, part, pure=False, retries=_RETRIES) for part in parts]
    for future in futures:
        yield future.result()
        future.release()


def compare_if_alike(code: str, batch: Batch) -> dict[IdPair, Match]:
    """``compare_batch`` on a worker, which may have joined after the others were asked for their code.

    Raises:
        RuntimeError: the code of the matcher here is not the one with this hash.
    """
    if matcher_code() != code:
        raise RuntimeError("the matcher of this worker is another one")
    return compare_batch(batch)


def _compare(client: Any, patience_s: float, batches: Iterable[Batch]) -> Iterator[dict[IdPair, Match]]:
    # The first batches are compared while the next are still read from the database.
    sent = [(batch, _submitted(client, batch)) for batch in batches]
    deadline = time.monotonic() + patience_s
    for batch, future in sent:
        yield _answer(batch, future, max(0.0, deadline - time.monotonic()))


def _submitted(client: Any, batch: Batch) -> Any:
    try:
        return client.submit(compare_if_alike, matcher_code(), batch, pure=False, retries=_RETRIES)
    except Exception as error:
        return error


def _answer(batch: Batch, future: Any, patience_s: float) -> dict[IdPair, Match]:
    try:
        if isinstance(future, Exception):
            raise future
        found: dict[IdPair, Match] = future.result(timeout=patience_s)
        future.release()
    except Exception as error:
        # Whatever keeps the cluster from it, the work can be done here; an error of the comparing itself comes again.
        log.warning(
            "a batch of %s pairs is compared here, not on the cluster: %s", len(batch.pairs), type(error).__name__
        )
        found = compare_batch(batch)
    return found
