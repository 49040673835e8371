"""Imported files as they came, encrypted, for they name people: kept under the hash of their content.

A file is cut into blocks, each encrypted by the vault and preceded by its length, so that even a large one is written
and read in little memory. The name, the SHA-256 of the plain content, tells whether it was read whole.
"""

import hashlib
import io
import os
import struct
import tempfile
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.fernet import InvalidToken

from inspect_app.config import Settings
from inspect_app.extensions import vault

_BLOCK: Final = 1024 * 1024
_LENGTH: Final = struct.Struct(">I")


class StoredFileDamaged(Exception):
    """A stored file is missing, was changed, or was encrypted with a key that is gone."""


def store_file(settings: Settings, file: BinaryIO) -> str:
    """Encrypts a file into the upload directory and returns its SHA-256; one that is there already is kept."""
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor, part = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as target:
            while block := file.read(_BLOCK):
                digest.update(block)
                token = vault.fernet.encrypt(block)
                target.write(_LENGTH.pack(len(token)) + token)
            target.flush()
            os.fsync(target.fileno())
        Path(part).replace(folder / digest.hexdigest())
    finally:
        Path(part).unlink(missing_ok=True)
    return digest.hexdigest()


def open_file(settings: Settings, sha256: str) -> BinaryIO:
    """The plain content of a stored file as a stream; it is checked against its hash when it is read to the end.

    Raises (also while reading):
        StoredFileDamaged: it cannot be read as it was stored.
    """
    try:
        encrypted = (_folder(settings) / sha256).open("rb")
    except OSError as error:
        raise StoredFileDamaged(sha256) from error
    return io.BufferedReader(_Decrypting(encrypted, sha256), _BLOCK)


def discard_file(settings: Settings, sha256: str) -> None:
    """Deletes a stored file, if it is there."""
    (_folder(settings) / sha256).unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.upload_dir / "imports"


class _Decrypting(io.RawIOBase):
    """Decrypts one block at a time."""

    def __init__(self, encrypted: BinaryIO, sha256: str) -> None:
        self._encrypted = encrypted
        self._sha256 = sha256
        self._digest = hashlib.sha256()
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._plain:
            self._plain = memoryview(self._next_block())
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def close(self) -> None:
        self._encrypted.close()
        super().close()

    def _next_block(self) -> bytes:
        length = self._encrypted.read(_LENGTH.size)
        if not length:
            if self._digest.hexdigest() != self._sha256:
                raise StoredFileDamaged(self._sha256)
            return b""
        try:
            block = vault.fernet.decrypt(self._encrypted.read(_LENGTH.unpack(length)[0]))
        except (InvalidToken, struct.error) as error:
            raise StoredFileDamaged(self._sha256) from error
        self._digest.update(block)
        return block
