"""A process that does nothing but answer, weighed: `python -m tests.bench.web_process REGISTER` prints megabytes.

It makes the application as a server does, asks for the hits of 300 lines, and prints what it holds in memory then.
"""

import sys
from pathlib import Path

from inspect_app import create_app
from inspect_app.services.screening import preview
from tests.bench.loading import SEED
from tests.bench.synthetic import noisy_goods_record

_LINES, _LINE_SEED = 300, 3


def main() -> None:
    """Answers, then tells."""
    register = int(sys.argv[1])
    with create_app().app_context():
        for number in range(_LINES):
            preview(noisy_goods_record(_LINE_SEED, number, SEED, number * 7_919 % register))
        status = Path("/proc/self/status").read_text()
    held = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    print(int(held.split()[1]) / 1024)  # noqa: T201


if __name__ == "__main__":
    main()
