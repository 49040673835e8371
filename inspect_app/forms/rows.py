"""Rows of a form that people add and take away: each keeps the number that its fields were named with."""

from collections.abc import Iterator
from typing import Any

from wtforms import Field, FieldList


class RowList(FieldList):
    """A ``FieldList`` that survives any field name and whose rows can be found and taken away by their number."""

    entries: list[Field]

    def row(self, number: str) -> Field | None:
        """The row whose fields are named with this number; None when there is none."""
        wanted = f"{self.name}-{number}"
        return next((entry for entry in self.entries if entry.name == wanted), None)

    def remove_row(self, number: str) -> None:
        """Takes the row away, with what was typed into it."""
        self.entries = [entry for entry in self.entries if entry.name != f"{self.name}-{number}"]

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        # WTForms hands whatever str.isdigit takes to int(): "²" or ten thousand digits would end in an error page.
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if number.isascii() and number.isdigit() and len(number) <= 6:
                yield int(number)

    def _compact_indices(self) -> None:
        """WTForms would number the rows anew, and a button that was made for row 2 would meet another row."""
