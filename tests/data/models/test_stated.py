"""What a record states of its licence, training, data and code, in tags, metadata or README."""

import pytest

from tests.records import README, WHOLE, values_of

# Licence


@pytest.mark.parametrize(
    ("record", "stated", "licence", "kind"),
    [
        ({"tags": ["license:apache-2.0"]}, True, "apache-2.0", "permissive"),
        ({"tags": ["License:MIT"]}, True, "mit", "permissive"),
        ({"cardData": {"license": "gpl-3.0"}}, True, "gpl-3.0", "strong_copyleft"),
        (
            {"cardData": {"license": ["apache-2.0", "cc-by-nc-4.0"]}},
            True,
            "apache-2.0 + cc-by-nc-4.0",
            "non_commercial",
        ),
        ({"tags": ["license:mit"], "cardData": {"license": ["MIT"]}}, True, "mit", "permissive"),
        ({"tags": ["license:llama3"]}, True, "llama3", None),
        ({"tags": ["license:bsl-1.0"]}, True, "bsl-1.0", "permissive"),  # Boost, on the Hub
        ({"tags": ["license:other"]}, True, "other", None),
        ({"tags": ["license:other"], "cardData": {"license_name": "modified-mit"}}, True, "modified-mit", None),
        ({"tags": ["license:unknown"]}, True, "unknown", "unknown"),
        ({"tags": ["license:a-licence-of-tomorrow"]}, True, "a-licence-of-tomorrow", "custom"),
        ({"tags": ["license:mit"], "_incomplete": ["tags"]}, True, "mit", "permissive"),
        ({"tags": ["pytorch"]}, False, None, None),
        ({"tags": ["license:"]}, False, None, None),
        ({"tags": ["pytorch"], "_incomplete": ["tags"]}, None, None, None),
        ({"cardData": {"language": "en"}}, False, None, None),
        ({"cardData": {"license": None, "tags": ["x"]}}, False, None, None),
        ({"readme": "---\nlicense: mit\n---\n"}, True, "mit", "permissive"),
        ({"readme": "A card without a word on it."}, False, None, None),
        ({}, None, None, None),
        ({"tags": None, "cardData": None}, None, None, None),
        ({"cardData": "license: mit"}, None, None, None),
    ],
)
def test_licence(record, stated, licence, kind):
    found = values_of(record, "license_stated", "license", "license_class")
    assert found[:2] == (stated, licence)
    if kind or not stated:
        assert found[2] == kind
    else:
        assert found[2] in ("use_restricted", "custom", "permissive")


# The card

RESULTS = (True, None, None, True, None)  # results are an evaluation, and name what was measured


@pytest.mark.parametrize(
    ("record", "metric", "data", "training", "evaluation", "code"),
    [
        ({}, None, None, None, None, None),
        (WHOLE, None, False, False, False, None),  # tags mirror all of the metadata but the metrics
        ({"readme": ""}, False, False, False, False, False),
        ({"tags": ["dataset:org/set"]}, None, True, False, False, None),
        ({"tags": ["model-index"]}, True, False, False, True, None),
        ({"tags": ["generated_from_trainer"]}, None, False, True, False, None),
        ({"tags": ["x"], "_incomplete": ["tags"]}, None, None, None, None, None),
        ({"cardData": {"tags": ["SFT"]}}, False, False, True, False, None),
        ({"cardData": {"datasets": ["a/b"], "metrics": ["wer"]}}, True, True, False, False, None),
        ({"cardData": {"model-index": [{"results": [{"metrics": [{"value": 1}]}]}]}}, True, False, False, True, None),
        ({"model-index": [{"name": "m", "results": [{"metrics": [{"type": "wer", "value": 3}]}]}]}, *RESULTS),
        ({"model-index": {"name": "m", "results": {"metrics": {"value": 1}}}}, True, None, None, True, None),
        ({"model-index": [{"name": "m", "results": []}]}, None, None, None, None, None),  # as trainers leave it
        ({"model-index": "broken"}, None, None, None, None, None),
        ({"model-index": {"oops": [1, 2]}}, None, None, None, None, None),
        ({"evalResults": [{"filename": "a", "error": "no dataset"}]}, None, None, None, None, None),
        ({"evalResults": [{"error": "x"}, {"data": {"dataset": {"id": "a"}, "value": 1}}]}, *RESULTS),
        ({"evalResults": [{"data": None}, 5, None]}, None, None, None, None, None),
        ({"evalResults": {"data": {}}}, None, None, None, None, None),
        ({"readme": README}, False, True, False, False, True),  # its prose on training is a matter of its topics
        ({"readme": "---\nlicense: mit\nmetrics: [bleu]\n"}, None, None, None, None, None),  # front matter never closed
    ],
)
def test_the_metadata_alone_proves_yes_and_where_it_was_read_no(record, metric, data, training, evaluation, code):
    names = ("metric_info", "dataset_info", "training_info", "evaluation_results", "example_code")
    assert values_of(record, *names) == (metric, data, training, evaluation, code)


@pytest.mark.parametrize(
    ("record", "topics"),
    [
        (WHOLE, None),  # nobody read its README
        ({"readme": ""}, 0),
        ({"readme": "---\nlicense: mit\ndatasets: [a/b]\n---\n"}, 0),  # metadata is no prose
        ({"readme": "## Training\nTrained with AdamW for 3 epochs.\n"}, 1),
        ({"readme": "## Intended use\nSummaries of news.\n\n## Training data\nC4, 2019.\n"}, 2),
        ({"readme": "## Uses\n[More Information Needed]\n"}, 0),
        ({"readme": "## Intended use\nChat.\n[Content truncated...]"}, None),
        ({"readme_facts": {"sections": {"datasets": True}, "complete": True}}, None),  # read before it was asked
    ],
)
def test_the_topics_of_the_prose_are_known_where_the_readme_was_read(record, topics):
    assert values_of(record, "card_topics") == (topics,)


@pytest.mark.parametrize(
    ("record", "remote"),
    [
        ({"tags": ["custom_code"]}, True),
        ({"config": {"auto_map": {"AutoModel": "modeling.Model"}}}, True),
        ({"tags": ["pytorch"]}, False),
        ({"config": {"model_type": "bert"}}, False),
        ({"tags": ["x"], "_incomplete": ["tags"]}, None),
        ({"tags": ["x"], "_incomplete": ["tags"], "config": {"model_type": "bert"}}, False),
        ({"config": {}}, None),
        ({"config": None}, None),
        ({"config": {"auto_map": None}, "tags": []}, False),
        ({}, None),
    ],
)
def test_remote_code(record, remote):
    assert values_of(record, "remote_code") == (remote,)
