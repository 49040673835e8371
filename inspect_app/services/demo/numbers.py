"""Numbers that pass their checks and belong to nobody.

Documents carry dates in 1900 and telephone numbers begin with 100, which no subscriber has; IMEIs begin with 00, the
range for test equipment; credit codes use an organisation code that the city never gave out.
"""

from random import Random
from typing import Final

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_VIN_LETTERS: Final = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VIN_VALUES: Final = dict(zip(_VIN_LETTERS, (*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_PLAIN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUWXY"
DISTRICTS: Final = ("420702", "420703", "420704")


def resident_id(dice: Random) -> str:
    """An 18-character identity number that passes GB 11643, of somebody born in 1900."""
    body = f"{dice.choice(DISTRICTS)}1900{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{dice.randint(1, 999):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def phone(dice: Random) -> str:
    """Eleven digits beginning with 100: the form of a mobile number, in a range that is not given to subscribers."""
    return f"100{dice.randrange(10**8):08d}"


def credit_code(dice: Random, district: str, *, is_company: bool) -> str:
    """A unified social credit code (GB 32100) whose both check characters hold."""
    organisation = "MA00" + "".join(dice.choice(_PLAIN_LETTERS[:20] + "23456789") for _ in range(4))
    values = [int(c) if c.isdigit() else ord(c) - ord("A") + 10 for c in organisation]
    check = (11 - sum(v * w for v, w in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 11) % 11
    body = ("91" if is_company else "92") + district + organisation + "0123456789X"[check]
    total = sum(_CREDIT_LETTERS.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + _CREDIT_LETTERS[(31 - total % 31) % 31]


def imei(dice: Random, maker: int) -> str:
    """Fifteen digits that pass the Luhn check, in the range for test equipment."""
    body = f"0010{maker % 10_000:04d}{dice.randrange(10**6):06d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str((10 - total % 10) % 10)


def vin(dice: Random) -> str:
    """Seventeen characters whose check character (ISO 3779) holds; no maker has the code L00."""
    letters = ["L", "0", "0", *(dice.choice(_VIN_LETTERS) for _ in range(5)), "0"]
    letters += [dice.choice("LMNPRS"), dice.choice("ABC"), *(dice.choice("0123456789") for _ in range(6))]
    total = sum(_VIN_VALUES[letter] * weight for letter, weight in zip(letters, _VIN_WEIGHTS, strict=True))
    letters[8] = "0123456789X"[total % 11]
    return "".join(letters)


def plate(dice: Random, *, is_electric: bool = False) -> str:
    """A number plate of the city in the form of GA 36."""
    letter = dice.choice(_PLAIN_LETTERS)
    return f"鄂G{'D' if is_electric else ''}{letter}{dice.randrange(10**4):04d}"


def vehicle_code(dice: Random) -> str:
    """The 15 digits of an e-bike: maker (invented), 2 for electric, year, serial number."""
    return f"99992{dice.choice(('22', '23', '24', '25', '26'))}{dice.randrange(10**8):08d}"


def mixed(dice: Random, length: int) -> str:
    """Capital letters and digits without those that people confuse."""
    return "".join(dice.choice("ACDEFHJKLMNPRTUVWXY34679") for _ in range(length))


def digits(dice: Random, length: int) -> str:
    """Digits, the first of them not 0."""
    return str(dice.randint(1, 9)) + "".join(dice.choice("0123456789") for _ in range(length - 1))


def laser_code(dice: Random) -> str:
    """A cigarette code: sixteen digits of sorting, then the (placeholder) company and a licence of the city."""
    day = f"{dice.randint(0, 9)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}"
    carton = f"{dice.randrange(10**9):09d}{dice.randint(1, 50):02d}"
    return f"{day}{carton}EZYC{dice.choice(DISTRICTS)}1{dice.randrange(10**5):05d}"
