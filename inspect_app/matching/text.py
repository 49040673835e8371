"""One normal form for text: NFKC, lower case, simplified characters, and pinyin for what sounds alike.

The converters are loaded on first use and their answers cached, because importing them costs more than a comparison.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any

CJK = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAS_CJK = re.compile(f"[{CJK}]")
_SPACES = re.compile(r"\s+")
_TOKENS = re.compile(rf"[{CJK}]+|[a-z]+|\d+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}

# Words that people write where they have nothing to write.
_PLACEHOLDER_WORDS = (
    "tbd tba n/a na nil none null unknown unk unknownmake other uk ot x xx xxx - -- . ? ?? / "
    "无 不详 不明 不清 未知 没有 暂无 无号码 无法辨认 看不清 未登记 其他 其它 待查 待定 空"
)
PLACEHOLDERS = frozenset(_PLACEHOLDER_WORDS.split())


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _pinyin() -> Any:
    from pypinyin import lazy_pinyin

    return lazy_pinyin


@lru_cache(maxsize=50_000)
def normalise(text: str) -> str:
    """The text in NFKC, lower case, simplified characters, with single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _HAS_CJK.search(folded):
        folded = _to_simplified().convert(folded)
    return _SPACES.sub(" ", folded.replace("\x00", " ")).strip()


@lru_cache(maxsize=50_000)
def pinyin(text: str) -> str:
    """The text with Chinese characters as toneless pinyin, joined: 雅迪 and 亚迪 are both `yadi`."""
    return "".join(_pinyin()(text)) if _HAS_CJK.search(text) else text


def has_cjk(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAS_CJK.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether normalised text stands for `nothing known`."""
    return not text or text.replace(" ", "") in PLACEHOLDERS


def tokens_of(text: str) -> tuple[str, ...]:
    """Runs of Chinese, of Latin letters and of digits in normalised text; Roman numerals become digits."""
    return tuple(_ROMAN.get(token, token) for token in _TOKENS.findall(text))


def compact(text: str) -> str:
    """Normalised text without spaces and punctuation."""
    return "".join(_TOKENS.findall(text))


def stable_hash(*parts: str) -> int:
    """A signed 64-bit number that is the same in every process, for a key column."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
