"""Brings the texts of the code into both catalogues: ``make translations``.

English texts are their own translation; texts without Chinese are named, and the command fails until they have one.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Dates and people in the header would change with every run.
NOISE = (
    '"POT-Creation',
    '"PO-Revision',
    '"Report-Msgid',
    '"Last-Translator',
    '"Language-Team',
    "# FIRST AUTHOR",
    "#\n",
)


def extract() -> Catalog:
    """Every text of the code and the templates."""
    with tempfile.TemporaryDirectory() as directory:
        template = Path(directory) / "all.pot"
        command = [
            "-q",
            "extract",
            "-F",
            str(HERE / "babel.cfg"),
            "-k",
            "_l",
            "--no-location",
            "-o",
            str(template),
            ".",
        ]
        subprocess.run([str(Path(sys.executable).parent / "pybabel"), *command], cwd=ROOT, check=True)  # noqa: S603
        with template.open("rb") as file:
            return read_po(file)


def update(locale: str, texts: Catalog) -> list[str]:
    """Writes the catalogue of one language; returns the texts that it lacks."""
    path = HERE / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        before = read_po(file, locale=locale)
    after = Catalog(locale=locale, project="inspect-app", version="", copyright_holder="", fuzzy=False)
    for message in texts:
        if message.id:
            known = before.get(message.id)
            translation = message.id if locale == "en" else (known.string if known else "")
            after.add(message.id, translation, flags=message.flags & {"python-format"})
    buffer = io.BytesIO()
    write_po(buffer, after, sort_output=True, width=110)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(NOISE)), "utf-8")
    return [str(message.id) for message in after if message.id and not message.string]


def main() -> int:
    """Updates and compiles both catalogues."""
    texts = extract()
    missing = [text for locale in ("zh_Hans_CN", "en") for text in update(locale, texts)]
    subprocess.run([str(Path(sys.executable).parent / "pybabel"), "-q", "compile", "-d", str(HERE)], check=True)  # noqa: S603
    for text in missing:
        sys.stderr.write(f"no Chinese for: {text}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
