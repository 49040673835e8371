"""The unified social credit code (GB 32100): 18 characters of which the last one checks the others."""

from dataclasses import dataclass
from typing import Final, Literal

from stdnum.cn import uscc

from inspect_app.matching.text import normalise

LENGTH: Final = 18
# GB 32100 leaves out the letters that are easily taken for digits or for each other: I, O, S, V, Z.
ALPHABET: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")

CodeProblem = Literal["length", "characters", "check_character"]


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A code as it is stored, and the first thing that is wrong with it.

    ``wrong`` are the characters that no code has, in their order; ``expected`` is the check character that would be
    right, so that a person can compare it with the licence.
    """

    value: str
    problem: CodeProblem | None = None
    wrong: str = ""
    expected: str = ""


def check_credit_code(typed: str) -> CheckedCode:
    """Reads a code as people type it (full-width, lower case, with blanks or dashes) and checks it; blank is fine."""
    value = "".join(character for character in normalise(typed).upper() if character not in " -")
    if not value:
        return CheckedCode("")
    wrong = "".join(dict.fromkeys(character for character in value if character not in ALPHABET))
    if wrong:
        return CheckedCode(value, "characters", wrong=wrong)
    if len(value) != LENGTH:
        return CheckedCode(value, "length")
    expected = uscc.calc_check_digit(value)
    if value[-1] != expected:
        return CheckedCode(value, "check_character", expected=expected)
    return CheckedCode(value)
