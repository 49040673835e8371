"""The same comparison on a Dask cluster: the parts of the goods go to its workers, and one process gathers the pairs.

Every worker runs the very function that a single process runs, ``linkage.compare_part``, whose result depends only on
what it is given; so the links are the same to the last pair. A part whose worker dies is done again by another one.
Dask is needed for this alone and is imported only here.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from inspect_app.matching.linkage import Pair, Part, SearchSide, Spread, compare_part


class DaskMissing(Exception):
    """The package ``distributed`` is not installed here."""


class SchedulerUnreachable(Exception):
    """No Dask scheduler answers at ``address``, or it has no worker."""

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
        yield partial(_spread, client)


def _spread(client: Any, side: SearchSide, parts: Sequence[Part]) -> Iterable[list[Pair]]:
    # On every worker, so that no worker that dies takes the only copy with it.
    sent = client.scatter(side, broadcast=True)
    # A pure function of its arguments may be called twice: nothing is missed and nothing doubled.
    futures = [client.submit(compare_part, sent, part, pure=False, retries=3) for part in parts]
    for future in futures:
        yield future.result()
        future.release()
