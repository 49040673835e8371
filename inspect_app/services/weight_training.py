"""Trains a new version of the weights from files, and holds what links said against what was true.

A trained version is a file that tells what it was made from. It is never in force by itself: somebody has to rehearse
it and put it into force.
"""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from inspect_app.matching import Record, Weights, prepare
from inspect_app.matching.estimate import (
    Bin,
    brier_score,
    changes,
    draw_pairs,
    estimate_from_labels,
    estimate_unlabelled,
    fit_calibration,
    reliability,
    with_calibration,
)

Gold = frozenset[tuple[str, str]]


class LabelsRefused(Exception):
    """A file of pairs that cannot be used: ``code`` says why (not_found, unreadable, missing_columns, none_known)."""

    def __init__(self, path: Path, code: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path = path
        self.code = code


@dataclass(frozen=True, slots=True)
class TrainingFiles:
    """The files that a version is trained from; without ``gold`` nobody labelled the pairs."""

    stolen: Path
    goods: Path
    gold: Path | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """A trained version, and which weights it moves: comparison, level, bits before and after."""

    weights: Weights
    changes: list[tuple[str, str, float, float]]
    true_pairs: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the links said against what was true: the table, the Brier score, and the numbers that would fit best."""

    table: list[Bin]
    brier: float
    links: int
    true_links: int
    best_scale: float
    best_shift_bits: float


def read_pairs(path: Path) -> Gold:
    """The pairs of a file with the columns goods_ref and stolen_ref.

    Raises:
        LabelsRefused: the file is not there, cannot be read, or lacks a column.
    """
    return frozenset((row["goods_ref"], row["stolen_ref"]) for row in _rows(path, {"goods_ref", "stolen_ref"}))


def train_weights(
    files: TrainingFiles,
    goods: Sequence[Record],
    stolen: Sequence[Record],
    previous: Weights,
    version: str,
    made_on: date,
) -> Training:
    """A new version of ``previous`` from the records of the files, which were read before.

    With labelled pairs the levels are counted and the probabilities calibrated; without, the levels are found by
    expectation and maximisation and the calibration stays.

    Raises:
        LabelsRefused: the labelled pairs cannot be read, or none is among the records.
        WeightsRefused: the version is no name for one, or a number comes out of range.
    """
    gold = Gold() if files.gold is None else read_pairs(files.gold)
    lines, items = [prepare(record) for record in goods], [prepare(record) for record in stolen]
    pairs = draw_pairs(lines, items, previous, gold)
    if files.gold is None:
        method, estimate = "expectation and maximisation, unlabelled", estimate_unlabelled(pairs, previous)
    else:
        try:
            method, estimate = "labelled pairs, smoothed", estimate_from_labels(pairs, gold, previous)
        except ValueError:
            raise LabelsRefused(files.gold, "none_known") from None
    made: dict[str, str | int | float] = {
        "method": method,
        "made_on": made_on.isoformat(),
        "previous": previous.version,
        "goods": len(goods),
        "stolen": len(stolen),
        "labelled_pairs": len(gold),
        "true_pairs": round(estimate.true_pairs, 1),
        "candidate_pairs": estimate.candidate_pairs,
        "random_pairs": estimate.random_pairs,
    }
    for name, path in (("stolen", files.stolen), ("goods", files.goods), ("gold", files.gold)):
        if path is not None:
            made[f"{name}_sha256"] = _sha256(path)
    trained = previous.with_levels(version, estimate.levels, made)
    if gold:
        trained = with_calibration(trained, draw_pairs(lines, items, trained, gold).candidates, gold)
    # Written and read once, so that a file that could not be loaded is never handed out.
    return Training(Weights.from_toml(trained.to_toml()), changes(previous, estimate.levels), estimate.true_pairs)


def calibrate_links(links: Path, gold: Path, weights: Weights) -> Calibration:
    """Holds the probabilities of a file of links (goods_ref, stolen_ref, score in bits) against the gold pairs.

    Raises:
        LabelsRefused: a file is not there, cannot be read, lacks a column, or there are no links.
    """
    true_pairs = read_pairs(gold)
    rows = _rows(links, {"goods_ref", "stolen_ref", "score"})
    try:
        bits = np.array([float(row["score"]) for row in rows], dtype=np.float64)
    except ValueError:
        raise LabelsRefused(links, "unreadable") from None
    if not len(bits):
        raise LabelsRefused(links, "none_known")
    is_true = np.array([(row["goods_ref"], row["stolen_ref"]) in true_pairs for row in rows], dtype=np.float64)
    predicted = np.array([weights.probability(each) for each in bits.tolist()])
    scale, shift = fit_calibration(bits, is_true)
    return Calibration(
        reliability(predicted, is_true), brier_score(predicted, is_true), len(bits), int(is_true.sum()), scale, shift
    )


def recalibrated(weights: Weights, calibration: Calibration) -> Weights:
    """The weights with the two numbers that a calibration found best."""
    return replace(
        weights, calibration_scale=calibration.best_scale, calibration_shift_bits=calibration.best_shift_bits
    )


def _rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not columns <= set(reader.fieldnames or ()):
                raise LabelsRefused(path, "missing_columns")
            return list(reader)
    except FileNotFoundError:
        raise LabelsRefused(path, "not_found") from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise LabelsRefused(path, "unreadable") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
