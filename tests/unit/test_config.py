"""Settings come from the environment, and an unsafe production start is refused."""

import dataclasses
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from inspect_app.config import Settings, UnsafeSettings, load_settings

PRODUCTION = {
    "INSPECT_ENVIRONMENT": "production",
    "INSPECT_DATABASE_URL": "postgresql://app@db.example/inspect",
    "INSPECT_SECRET_KEY": "s" * 48,
    "INSPECT_PASSWORD_SALT": "salt",
    "INSPECT_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "INSPECT_LOOKUP_KEY": "lookup",
    "INSPECT_SECURE_COOKIES": "true",
}


def test_every_setting_has_the_prefix(tmp_path: Path) -> None:
    given = {"INSPECT_DATA_DIR": str(tmp_path), "INSPECT_PORT": "8123", "PORT": "1", "INSPECT_SECURE_COOKIES": "yes"}
    settings = load_settings(given)
    assert (settings.port, settings.secure_cookies, settings.data_dir) == (8123, True, tmp_path)
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path / 'inspect.db'}"
    assert settings.upload_dir == tmp_path / "uploads"


def test_empty_means_the_default(tmp_path: Path) -> None:
    assert load_settings({"INSPECT_DATA_DIR": str(tmp_path), "INSPECT_PORT": ""}).port == Settings().port


@pytest.mark.parametrize(
    ("name", "value"),
    [("INSPECT_PORT", "eighty"), ("INSPECT_SECURE_COOKIES", "perhaps"), ("INSPECT_SESSION_HOURS", "1.5")],
)
def test_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UnsafeSettings, match=name):
        load_settings({"INSPECT_DATA_DIR": str(tmp_path), name: value})


def test_settings_cannot_change(tmp_path: Path) -> None:
    settings = load_settings({"INSPECT_DATA_DIR": str(tmp_path)})
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    given = {"INSPECT_DATA_DIR": str(tmp_path / "new")}
    first, second = load_settings(given), load_settings(given)
    assert first == second
    assert all([first.secret_key, first.password_salt, first.encryption_keys, first.lookup_key])
    path = tmp_path / "new" / "keys.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_settings({"INSPECT_DATA_DIR": str(tmp_path / "other")}).secret_key != first.secret_key


def test_given_keys_win_over_made_ones(tmp_path: Path) -> None:
    settings = load_settings({"INSPECT_DATA_DIR": str(tmp_path), "INSPECT_LOOKUP_KEY": "mine"})
    assert settings.lookup_key == "mine"
    assert settings.secret_key


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = load_settings({"INSPECT_DATA_DIR": str(tmp_path)})
    for secret in (settings.secret_key, settings.password_salt, settings.encryption_keys, settings.lookup_key):
        assert secret not in repr(settings)


def test_production_starts_with_all_it_needs(tmp_path: Path) -> None:
    settings = load_settings({**PRODUCTION, "INSPECT_DATA_DIR": str(tmp_path)})
    assert settings.sqlalchemy_url.startswith("postgresql+psycopg://")
    assert not (tmp_path / "keys.toml").exists(), "production makes no keys of its own"


@pytest.mark.parametrize("missing", sorted(set(PRODUCTION) - {"INSPECT_ENVIRONMENT"}))
def test_unsafe_production_start_is_refused(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(UnsafeSettings, match=missing):
        load_settings({**given, "INSPECT_DATA_DIR": str(tmp_path)})
    assert not (tmp_path / "keys.toml").exists()


def test_short_secret_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="INSPECT_SECRET_KEY"):
        load_settings({**PRODUCTION, "INSPECT_DATA_DIR": str(tmp_path), "INSPECT_SECRET_KEY": "short"})
