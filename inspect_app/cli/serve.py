"""``flask --app wsgi serve``: the web server and one worker, as one command that stops both."""

import multiprocessing
import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import DBAPIError

from inspect_app.cli.worker import run_until_stopped
from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.reference.vocabulary import labels
from inspect_app.services.demo_accounts import DEMO_PASSWORD, demo_accounts, has_demo_accounts

START_WITHIN_S: Final = 60
STOP_WITHIN_S: Final = 20
LONGEST_PAUSE_S: Final = 30
# The children are forked: they have the application already, and the start takes half the time.
_FORK: Final = multiprocessing.get_context("fork")
_STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@click.command("serve", help="Serve the pages and do the long work, until stopped.")
@with_appcontext
def commands() -> None:
    """Starts both, says where, restarts the worker should it die, and stops both when it is told to stop."""
    settings: Settings = current_app.config["INSPECT"]
    lines = _welcome(settings)
    db.session.remove()
    db.engine.dispose()
    listening = _listen(settings)
    supervisor = Supervisor(current_app._get_current_object(), settings, listening)  # type: ignore[attr-defined]
    for stop_signal in _STOP_SIGNALS:
        signal.signal(stop_signal, supervisor.ask_to_stop)
    try:
        supervisor.run(lambda: click.echo("\n".join(lines)))
    finally:
        supervisor.stop_children()
        listening.close()


def _listen(settings: Settings) -> socket.socket:
    """The port, bound here, so that a taken one is told at once and in plain words."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=512)
    except (OSError, OverflowError) as error:
        raise click.ClickException(
            f"Port {settings.port} on {settings.host} cannot be used ({error}). Perhaps the product is running "
            f"already; otherwise choose another port: INSPECT_PORT={settings.port + 1} make run"
        ) from None


def _welcome(settings: Settings) -> list[str]:
    lines = ["", f"  Open {_address(settings)}   (Ctrl+C stops)"]
    try:
        has_demo = has_demo_accounts()
    except DBAPIError:
        raise click.ClickException("The database is not ready. Run: flask --app wsgi db upgrade") from None
    if has_demo:
        lines += ["", f"  Demo accounts, each with the password {DEMO_PASSWORD}"]
        for account in demo_accounts():
            role = labels("role")[account.role]
            lines.append(f"    {account.badge_number}  {role.zh} {role.en}  {account.unit_zh} {account.unit_en}")
    return [*lines, ""]


def _address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{settings.port}"


class _Pages(BaseApplication):
    """gunicorn, given an application that is loaded already."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def _serve_pages(app: Flask, listening: socket.socket, threads: int) -> None:
    _leave_terminal()
    options = {
        "bind": f"fd://{listening.fileno()}",
        "worker_class": "gthread",
        "threads": threads,
        "graceful_timeout": 15,
        "loglevel": "warning",
    }
    _Pages(app, options).run()


def _do_long_work(app: Flask, listening: socket.socket, settings: Settings) -> None:
    _leave_terminal()
    listening.close()
    with app.app_context():
        run_until_stopped(settings)


def _start(target: Callable[..., None], *arguments: Any) -> Any:
    """Forks a child. A signal that comes before it is ready waits: the handlers that it inherits are not its own."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    try:
        child = _FORK.Process(target=target, args=arguments)
        child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
    return child


def _leave_terminal() -> None:
    """A session of its own: Ctrl+C reaches the first process alone, which then stops the others in order."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Nobody is left to stop this process when the first one was killed: it would keep the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Supervisor:
    """The two child processes and what is known of them."""

    app: Flask
    settings: Settings
    listening: socket.socket
    web: Any = None
    worker: Any = None
    worker_deaths: int = 0
    worker_started_at: float = 0.0

    def __post_init__(self) -> None:
        self.stopping = threading.Event()

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """What a signal does: the loop sees it and stops."""
        self.stopping.set()

    def run(self, on_ready: Callable[[], None]) -> None:
        """Runs both until asked to stop.

        Raises:
            click.ClickException: the web server ended by itself or never answered.
        """
        self.web = _start(_serve_pages, self.app, self.listening, self.settings.web_threads)
        self._start_worker()
        self._wait_until_ready()
        if not self.stopping.is_set():
            on_ready()
        while not self.stopping.wait(0.2):
            if not self.web.is_alive():
                raise click.ClickException(f"The web server ended by itself (code {self.web.exitcode}).")
            self._keep_worker()

    def stop_children(self) -> None:
        """Asks both to finish what they are at, and ends them if they take too long."""
        children = [child for child in (self.web, self.worker) if child is not None and child.is_alive()]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + STOP_WITHIN_S
        for child in children:
            child.join(max(0.1, deadline - time.monotonic()))
            if child.is_alive():
                child.kill()
                child.join()

    def _start_worker(self) -> None:
        self.worker = _start(_do_long_work, self.app, self.listening, self.settings)
        self.worker_started_at = time.monotonic()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while not self.stopping.is_set():
            if not self.web.is_alive():
                raise click.ClickException("The web server did not start; the lines above say why.")
            try:
                with urllib.request.urlopen(f"{_address(self.settings)}/health", timeout=2):  # noqa: S310
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise click.ClickException(f"The web server gave no answer in {START_WITHIN_S} s.") from None
                self.stopping.wait(0.05)

    def _keep_worker(self) -> None:
        """Starts a worker that died again, after a pause that grows while it keeps dying."""
        if self.worker.is_alive():
            return
        age_s = time.monotonic() - self.worker_started_at
        if age_s > LONGEST_PAUSE_S:
            self.worker_deaths = 0
        if age_s < min(2**self.worker_deaths - 1, LONGEST_PAUSE_S):
            return
        click.echo(f"The worker ended (code {self.worker.exitcode}); starting another.", err=True)
        self.worker_deaths += 1
        self._start_worker()
