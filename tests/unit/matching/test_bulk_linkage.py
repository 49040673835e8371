"""Linking all pairs at once is what comparing one by one is, however many processes share the work."""

import os
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from inspect_app.matching import MemoryCorpus, compare, index_keys, link, prepare
from inspect_app.matching.bulk_keys import TOLD, record_keys
from inspect_app.matching.keys import descriptive_keys, search_plan
from inspect_app.matching.linkage import Pair, Part, SearchSide, compare_part, find_pairs
from inspect_app.matching.processes import ProcessLost, team_of
from tests.unit.matching.cases import make_cases
from tests.unit.matching.examples import record, register

CASES = make_cases(7, stolen=300, goods=500)
GOODS, STOLEN = list(CASES.goods), list(CASES.stolen)


def here(side: SearchSide, parts: Sequence[Part]) -> Iterable[list[Pair]]:
    return [compare_part(side, part) for part in parts]


def test_a_pair_weighs_what_it_weighs_alone() -> None:
    lines, items = [prepare(each) for each in GOODS], [prepare(each) for each in STOLEN]
    corpus = MemoryCorpus.of((index_keys(each) for each in (*lines, *items)), len(items))
    pairs = find_pairs(GOODS, STOLEN)
    assert len(pairs) > len(CASES.gold)
    alone = [compare(lines[line], items[item], corpus).weight_bits for line, item, _ in pairs]
    assert [weight_bits for _, _, weight_bits in pairs] == alone


def test_every_component_is_what_it_is_alone() -> None:
    lines, items = [prepare(each) for each in GOODS], [prepare(each) for each in STOLEN]
    corpus = MemoryCorpus.of((index_keys(each) for each in (*lines, *items)), len(items))
    at = {each.ref: each for each in (*lines, *items)}
    for match in link(GOODS, STOLEN):
        alone = compare(at[match.goods_ref], at[match.stolen_ref], corpus)
        told = [component for component in match.components if component.comparison not in ("prior", "rivals")]
        assert told == list(alone.components[1:])


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_change_nothing(processes: int) -> None:
    assert list(link(GOODS, STOLEN, processes=processes)) == list(link(GOODS, STOLEN, processes=1))
    assert find_pairs(GOODS, STOLEN, processes=processes) == find_pairs(GOODS, STOLEN, processes=1)


def test_comparing_parts_elsewhere_changes_nothing() -> None:
    assert list(link(GOODS, STOLEN, spread=here)) == list(link(GOODS, STOLEN))


def test_more_processes_than_stolen_items() -> None:
    goods, stolen = [record("G", ids={"imei": "860123456789014"})], [record("S", ids={"imei": "860123456789014"})]
    assert list(link(goods, stolen, processes=3)) == list(link(goods, stolen, processes=1)) != []
    assert list(link([], [], processes=2)) == []


def test_progress_comes_to_its_end() -> None:
    told: list[tuple[int, int]] = []
    list(link(GOODS, STOLEN, lambda done, total: told.append((done, total))))
    assert told[-1] == (len(GOODS), len(GOODS))


def test_keys_made_at_once_connect_the_same_records() -> None:
    records = [prepare(each) for each in (*GOODS[:150], *STOLEN[:150], *register(50))]
    plans = [{(found.key, found.told) for found in search_plan(each)} for each in records]
    table = record_keys(records).search
    rows: list[set[tuple[int, str]]] = [set() for _ in records]
    for key, owner, told in zip(table.keys.tolist(), table.records.tolist(), table.told.tolist(), strict=True):
        rows[owner].add((key, TOLD[told]))
    for first, (plan, own) in enumerate(zip(plans, rows, strict=True)):
        for other_plan, other_own in zip(plans[first + 1 :], rows[first + 1 :], strict=True):
            assert {told for _, told in plan & other_plan} == {told for _, told in own & other_own}


def test_descriptive_keys_are_counted_as_they_are_one_by_one() -> None:
    records = [prepare(each) for each in (*GOODS, *STOLEN)]
    corpus = MemoryCorpus.of(map(descriptive_keys, records), 1)
    keys = record_keys(records)
    assert set(keys.counted.tolist()) == {key for each in records for key in descriptive_keys(each)}
    assert all(corpus.count(key) == n for key, n in zip(keys.counted.tolist(), keys.counts.tolist(), strict=True))


class Asked:
    """Answers with its name, fails or dies."""

    def __init__(self, name: str) -> None:
        self.name = name

    def tell(self, suffix: str) -> str:
        return self.name + suffix

    def fail(self) -> None:
        if self.name == "b":
            raise ValueError(self.name)

    def die(self) -> None:
        if self.name == "b":
            os._exit(9)


def test_a_team_answers_in_order_and_tells_failures() -> None:
    with team_of(Asked, [("a",), ("b",)]) as team:
        assert team.ask(Asked.tell, ["1", "2"]) == ["a1", "b2"]
        with pytest.raises(ValueError, match="b"):
            team.ask(Asked.fail)
        assert team.tell(Asked.tell, "!") == ["a!", "b!"]
        with pytest.raises(ProcessLost):
            team.ask(Asked.die)


def test_counts_do_not_depend_on_how_the_file_is_cut() -> None:
    whole = record_keys([prepare(each) for each in STOLEN])
    halves = [record_keys([prepare(each) for each in half]) for half in (STOLEN[:150], STOLEN[150:])]
    assert sorted(whole.search.keys.tolist()) == sorted(np.concatenate([h.search.keys for h in halves]).tolist())
