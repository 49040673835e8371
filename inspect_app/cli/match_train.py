"""``flask --app wsgi match train|calibrate``: new weights from pairs, and whether probabilities mean what they say."""

from datetime import date, datetime
from pathlib import Path

import click

from inspect_app.cli.match import LinkFailed, read_file
from inspect_app.cli.match import commands as match
from inspect_app.matching import BUILT_IN_WEIGHTS, Weights, WeightsRefused
from inspect_app.services.weight_training import (
    Calibration,
    LabelsRefused,
    TrainingFiles,
    calibrate_links,
    train_weights,
)

_FAULTS = {
    "not_found": "there is no such file",
    "unreadable": "the file cannot be read as CSV in UTF-8",
    "missing_columns": "it needs the columns goods_ref and stolen_ref (and score, for links)",
    "none_known": "none of its pairs is among the records",
}
_FILE = click.Path(path_type=Path)
_SHOWN_CHANGES = 12


@match.command("train")
@click.option("--stolen", required=True, type=_FILE, help="Stolen items, in the common columns.")
@click.option("--goods", required=True, type=_FILE, help="Goods lines, in the common columns.")
@click.option("--gold", type=_FILE, help="Pairs that people judged true: goods_ref, stolen_ref.")
@click.option("--from", "previous_file", type=_FILE, help="The version to start from; without it, the built-in one.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="NEW_VERSION.toml")
@click.option("--date", "made_on", type=click.DateTime(["%Y-%m-%d"]), help="The date to write into it; today if left.")
def train(
    stolen: Path, goods: Path, gold: Path | None, previous_file: Path | None, out: Path, made_on: datetime | None
) -> None:
    """Estimate new weights and write them as a new version, named as the file; what is in force stays in force."""
    if out.exists():
        raise LinkFailed(f"{out} exists; a version is never written over. Choose another name.")
    if not out.parent.is_dir():
        raise LinkFailed(f"There is no directory {out.parent}.")
    previous = _weights(previous_file)
    if out.stem == previous.version:
        raise LinkFailed(f"{out.stem} is the version that it starts from; choose another name.")
    stolen_file, goods_file = read_file("stolen", stolen), read_file("goods", goods)
    day = made_on.date() if made_on else date.today()  # noqa: DTZ011 - the day of whoever runs it
    try:
        training = train_weights(
            TrainingFiles(stolen, goods, gold), goods_file.records, stolen_file.records, previous, out.stem, day
        )
        out.write_text(training.weights.to_toml(), encoding="utf-8")
    except LabelsRefused as error:
        raise LinkFailed(f"{error.path}: {_FAULTS[error.code]}.") from None
    except WeightsRefused as error:
        raise LinkFailed(f"The new version would be damaged ({error}).") from None
    except OSError as error:
        raise LinkFailed(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{out}: version {out.stem}, from {training.true_pairs:.0f} true pairs. It is not in force.")
    for comparison, level, before, after in training.changes[:_SHOWN_CHANGES]:
        click.echo(f"  {comparison:12} {level:24} {before:+6.2f} -> {after:+6.2f}")


@match.command("calibrate")
@click.option("--stolen", required=True, type=_FILE, help="Stolen items, in the common columns.")
@click.option("--goods", required=True, type=_FILE, help="Goods lines, in the common columns.")
@click.option("--links", required=True, type=_FILE, help="What `match link` wrote for these two files.")
@click.option("--gold", required=True, type=_FILE, help="Pairs that are true: goods_ref, stolen_ref.")
@click.option("--weights", "weights_file", type=_FILE, help="The version that made the links; else the built-in one.")
def calibrate(stolen: Path, goods: Path, links: Path, gold: Path, weights_file: Path | None) -> None:
    """Print how often links of each probability are true, and the Brier score."""
    read_file("stolen", stolen), read_file("goods", goods)
    try:
        found = calibrate_links(links, gold, _weights(weights_file))
    except LabelsRefused as error:
        raise LinkFailed(f"{error.path}: {_FAULTS[error.code]}.") from None
    _tell_calibration(found)


def _tell_calibration(found: Calibration) -> None:
    click.echo("probability    pairs  predicted  observed")
    for row in found.table:
        click.echo(
            f"{row.lowest:4.2f} to {row.highest:4.2f} {row.pairs:7}      {row.predicted:.3f}     {row.observed:.3f}"
        )
    click.echo(f"Brier score {found.brier:.4f} over {found.links} links, {found.true_links} of them true.")
    click.echo(f"Best calibration for these links: scale {found.best_scale}, shift {found.best_shift_bits} bits.")


def _weights(path: Path | None) -> Weights:
    if path is None:
        return BUILT_IN_WEIGHTS
    try:
        return Weights.from_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise LinkFailed(f"{path} cannot be read: {error}") from None
    except WeightsRefused as error:
        raise LinkFailed(f"{path} is no table of weights ({error}).") from None
