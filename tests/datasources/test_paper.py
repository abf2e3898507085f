"""The paper for departments says only what is so: each of its examples is one that the connectors take."""

import json
import re
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from datasources.catalogue.files import MappingFile
from datasources.connectors.gdpr_api.shape import shape_of
from datasources.connectors.gdpr_api.tree import keys_of, rows_of, tree_of
from datasources.enums import ConnectorKind

PAPER = (Path(__file__).parents[2] / "docs" / "connecting-a-department.md").read_text()
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAPER, re.DOTALL)]
EXAMPLES = [block for block in BLOCKS if "kind" in block]


def test_every_kind_has_an_example() -> None:
    assert {example["kind"] for example in EXAMPLES} == set(ConnectorKind.values)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
def test_an_example_is_taken(example: dict[str, Any]) -> None:
    place = f"datasources.connectors.{example['kind']}.shape"
    settings = resolve_name(f"{place}:Settings")
    told = settings.model_validate(example["settings"] | example["secrets"])
    assert (example["settings"] | example["secrets"]).keys() <= type(told).model_fields.keys()
    for dataset, mapping in example["mapping"].items():
        resolve_name(f"{place}:shape_of")(dataset, MappingFile.model_validate(mapping).model_dump())


def test_the_tree_of_the_paper_is_read_by_the_mapping_of_the_paper() -> None:
    (tree,) = (tree_of(json.dumps(block).encode()) for block in BLOCKS if "key" in block)
    (mapping,) = (example["mapping"] for example in EXAMPLES if example["kind"] == "gdpr_api")
    shape = shape_of("youth-membership", mapping["youth-membership"])
    assert keys_of(tree, shape) == ["6b5ef4f5-6a0c-4f0e-9b8e-0b7c6b1f7c11"]
    assert rows_of(tree, shape) == [("2027-06-30", "Y-1")]
