"""Every setting of the product, read once from the environment.

Each setting is a field of ``Settings`` and comes from ``INSPECT_`` plus its name in capitals; what is not set has the
default that stands here. ``docs/operations.md`` lists them for those who run the product.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from cryptography.fernet import Fernet

PROJECT_ROOT = Path(__file__).resolve().parent.parent
PREFIX = "INSPECT_"


class UnsafeSettings(Exception):
    """A start that would be unsafe or cannot work; the message names the settings to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the product needs to know about where it runs. Immutable once made."""

    # "local" makes its own keys and database file; "production" refuses to start without them.
    environment: str = "local"
    # The database file, uploads and keys of a local start live here.
    data_dir: Path = PROJECT_ROOT / "var"
    # Empty: an SQLite file in data_dir. Otherwise for example postgresql+psycopg://user@host/name
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    web_threads: int = 8
    # Signs sessions; several people on one address share it.
    secret_key: str = field(default="", repr=False)
    # Salts passwords before they are hashed.
    password_salt: str = field(default="", repr=False)
    # Comma-separated Fernet keys, the newest first: the first encrypts, all decrypt.
    encryption_keys: str = field(default="", repr=False)
    # Keys the hashes by which encrypted values are found again.
    lookup_key: str = field(default="", repr=False)
    # Cookies only over HTTPS: false only for a local start.
    secure_cookies: bool = False
    session_hours: int = 12
    max_upload_mb: int = 64
    max_photo_mb: int = 20
    import_max_rows: int = 500_000
    # Where set-up put the front-end packages and the font.
    assets_dir: Path = PROJECT_ROOT / "node_modules"
    default_language: str = "zh_Hans_CN"
    timezone: str = "Asia/Shanghai"
    # How long a worker may be silent before another one takes over its job.
    job_lease_s: int = 60
    # How long a pair that a person dismissed stays quiet; new evidence brings it back before.
    dismissal_days: int = 365
    # Letters before the number of a visit.
    visit_number_prefix: str = "LJ"

    @property
    def sqlalchemy_url(self) -> str:
        """The SQLAlchemy URL of the database, an SQLite file under ``data_dir`` when none was set."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.data_dir / 'inspect.db'}"

    @property
    def upload_dir(self) -> Path:
        """Where photos and imported files are kept, by their hash."""
        return self.data_dir / "uploads"


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads the settings from ``environ``; a local start makes and keeps the keys that are missing.

    Raises:
        UnsafeSettings: a value is not of its type, or a production start lacks a key or a database.
    """
    values: dict[str, object] = {}
    for setting in fields(Settings):
        raw = environ.get(PREFIX + setting.name.upper())
        if raw is not None and raw != "":
            values[setting.name] = _parse(setting.name, str(setting.type), raw)
    settings = Settings(**values)  # type: ignore[arg-type]
    if settings.environment == "production":
        _refuse_unsafe(settings)
        return settings
    return _with_local_keys(settings, values)


def _parse(name: str, kind: str, raw: str) -> object:
    try:
        if "Path" in kind:
            return Path(raw).expanduser().resolve()
        if "int" in kind:
            return int(raw)
    except ValueError:
        raise UnsafeSettings(f"{PREFIX}{name.upper()} must be a whole number, not {raw!r}") from None
    if "bool" in kind:
        if raw.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise UnsafeSettings(f"{PREFIX}{name.upper()} must be true or false, not {raw!r}")
        return raw.lower() in {"1", "true", "yes"}
    return raw


def _refuse_unsafe(settings: Settings) -> None:
    """A production start must bring its own keys and database and must not send cookies in the clear."""
    wrong = [
        f"{PREFIX}{name.upper()} is not set"
        for name in ("secret_key", "password_salt", "encryption_keys", "lookup_key", "database_url")
        if not getattr(settings, name)
    ]
    if not settings.secure_cookies:
        wrong.append(f"{PREFIX}SECURE_COOKIES must be true")
    if settings.secret_key and len(settings.secret_key) < 32:
        wrong.append(f"{PREFIX}SECRET_KEY is shorter than 32 characters")
    if wrong:
        raise UnsafeSettings("Refusing to start in production: " + "; ".join(wrong))


def _with_local_keys(settings: Settings, given: Mapping[str, object]) -> Settings:
    path = settings.data_dir / "keys.toml"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _write_keys(path)
    keys = tomllib.loads(path.read_text("utf-8"))
    missing = {name: value for name, value in keys.items() if not getattr(settings, name)}
    return Settings(**{**given, **missing})


def _write_keys(path: Path) -> None:
    """Makes the keys of a local start, readable by their owner only; never replaces keys that are there."""
    keys = {
        "secret_key": secrets.token_urlsafe(48),
        "password_salt": secrets.token_urlsafe(24),
        "encryption_keys": Fernet.generate_key().decode(),
        "lookup_key": secrets.token_urlsafe(32),
    }
    text = "# Without these keys the personal data in the database cannot be read: back them up apart from it.\n"
    text += "".join(f'{name} = "{value}"\n' for name, value in keys.items())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
