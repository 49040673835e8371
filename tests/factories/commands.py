"""The product's own commands, each in a process of its own, on the database of a test."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
# A job whose process died is taken over after so long.
LEASE_S = 3


def start_command(app: Flask, *arguments: str) -> subprocess.Popen[bytes]:
    """Starts `flask --app wsgi` with the arguments; whoever starts it waits for it or kills it."""
    settings = app.config["INSPECT"]
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "INSPECT_DATA_DIR": str(settings.data_dir),
            "INSPECT_DATABASE_URL": settings.database_url,
            "INSPECT_JOB_LEASE_S": str(LEASE_S),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
