"""Worked examples, each with its source: the clock meets every one exactly, through the JSON that the command line speaks."""

import json
from pathlib import Path

import pytest

from handlers.law.answers import answer
from tests.law.asked import laws

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[v["id"] for v in VECTORS])
def test_a_worked_example_comes_out_exactly(vector: dict) -> None:
    got = answer(laws(), json.dumps(vector["query"]))
    assert {key: got.get(key, got.get("error")) for key in vector["expect"]} == vector["expect"], vector["why"]


def test_there_are_enough_examples_each_with_its_source_and_every_law_has_one() -> None:
    assert len(VECTORS) >= 150
    assert all(v["source"] and v["why"] and v["expect"] for v in VECTORS)
    assert len({v["id"] for v in VECTORS}) == len(VECTORS)
    assert {v["query"]["law"] for v in VECTORS} == set(laws().ids)
