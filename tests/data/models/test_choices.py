"""What may be chosen are the values that a table has, the most frequent first, cells with several taken apart."""

import pandas as pd

from data.models.choices import choices, offered
from scoring.view import ModelView

KEYS = ModelView.keys()


def test_the_most_frequent_come_first_and_equals_by_name():
    cells = pd.Series(["b", "a, c", "b", "a", pd.NA, "d"], dtype="string")
    assert choices(KEYS["results_by"], cells) == ["a", "b", "c", "d"]
    owners = choices(KEYS["publisher"], pd.Series(["x", "y", "x"], dtype="string"))
    assert owners == [*KEYS["publisher"].words, "x", "y"]


def test_of_a_closed_list_only_the_words_that_there_are(bundled):
    found = choices(KEYS["license"], pd.Series(["custom", pd.NA], dtype="string"))
    assert found == ["custom"]
    assert set(offered(bundled.facts, ModelView(license=("custom",)))) == {"license"}
    assert offered(bundled.facts)["pin"] == bundled.facts["id"].tolist()
