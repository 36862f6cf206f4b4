"""A licence as cards write it, and its class by hand."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.curated import tables
from data.curated.licences import ORDER, freer, licence_class


@pytest.mark.parametrize(
    ("license_id", "license_name", "word"),
    [
        ("apache-2.0", None, "permissive"),
        ("  Apache-2.0 ", None, "permissive"),
        ("mpl-2.0", None, "weak_copyleft"),
        ("gpl-3.0", None, "strong_copyleft"),
        ("bsl-1.0", None, "permissive"),  # Boost, not the Business Source License
        ("llama3.1", None, "use_restricted"),
        ("gemma", None, "use_restricted"),
        ("cc-by-nc-4.0", None, "non_commercial"),
        ("unknown", None, "unknown"),
        ("other", None, "custom"),
        ("other", "modified-mit", "use_restricted"),
        ("other", "Tencent_Hunyuan Community", "use_restricted"),
        ("other", " SAI-NC-Community ", "non_commercial"),
        ("OTHER", "stable-video-diffusion-community", "use_restricted"),
        ("other", "flux-1-dev-non-commercial-license", "non_commercial"),
        ("other", "apache-2.0", "permissive"),
        ("other", "my own words", "custom"),
        ("mit", "flux-1-dev-non-commercial-license", "permissive"),  # a name counts only under 'other'
        ("never-heard-of", None, "custom"),
        # SPDX ids and expressions: OR takes the freest, AND the strictest
        ("other", "GPL-3.0-or-later", "strong_copyleft"),
        ("other", "LGPL-2.1-or-later", "weak_copyleft"),
        ("other", "gpl-2.0+", "strong_copyleft"),
        ("other", "Apache-2.0 OR MIT", "permissive"),
        ("other", "MIT OR GPL-3.0-only", "permissive"),
        ("other", "MIT AND CC-BY-NC-4.0", "non_commercial"),
        ("other", "(MIT OR GPL-3.0-only) AND Apache-2.0", "permissive"),
        ("other", "GPL-2.0-only WITH Classpath-exception-2.0", "strong_copyleft"),
        ("other", "MIT, CC-BY-NC-4.0", "non_commercial"),
        ("other", "Apache-2.0 OR Acme-1.0", "permissive"),
        ("other", "Apache-2.0 AND Acme-1.0", "custom"),
        # plain names and sloppy ids
        ("apache 2.0", None, "permissive"),
        ("apache2.0", None, "permissive"),
        ("apache", None, "permissive"),
        ("other", "The Apache License, Version 2.0", "permissive"),
        ("other", "GNU General Public License v3.0 or later", "strong_copyleft"),
        ("gplv3", None, "strong_copyleft"),
        ("LGPLv2.1+", None, "weak_copyleft"),
        ("other", "BSD 3-Clause", "permissive"),
        ("cc-by-nc", None, "non_commercial"),
        ("other", "CC BY-NC-SA 4.0", "non_commercial"),
        ("other", "Creative Commons Attribution-ShareAlike 4.0 International", "strong_copyleft"),
        ("other", "Llama 3.1 Community License", "use_restricted"),
        # what no table has says at most that it is strict
        ("other", "acme-noncommercial-research-license", "non_commercial"),
        ("other", "Acme Academic Use License", "non_commercial"),
        ("other", "BUSL-1.1", "custom"),
        ("bsl", None, "custom"),  # Boost or Business Source: the stricter reading
        ("bsl-1.1", None, "custom"),
        ("other", "MIT with additional terms of Acme", "custom"),
        ("proprietary", None, "custom"),
    ],
)
def test_licence_class(license_id, license_name, word):
    assert licence_class(license_id, license_name) == word


def test_a_licence_with_its_short_name_behind_it_is_one():
    assert licence_class("The MIT License (MIT)") == "permissive"
    assert licence_class("GNU General Public License v3.0 (GPL-3.0)") == "strong_copyleft"
    assert licence_class("MIT License (CC-BY-NC-4.0)") == "non_commercial"
    assert licence_class("MIT License (non-commercial)") == "non_commercial"


def test_every_licence_of_the_table_has_its_own_class_under_each_of_its_names():
    for license_id, (name, spdx, kind) in tables.licence_names().items():
        assert licence_class(license_id) == kind
        # of two that share a name the stricter one counts
        assert ORDER.index(licence_class("other", name)) >= ORDER.index(kind) or kind == "custom", name
        assert not spdx or licence_class("other", spdx) == kind, spdx


@pytest.mark.parametrize(
    ("one", "other", "is_freer"),
    [
        ("permissive", "non_commercial", True),
        ("permissive", "use_restricted", True),
        ("permissive", "permissive", False),
        ("non_commercial", "permissive", False),
        ("permissive", "custom", False),  # nobody has classed its terms
        ("permissive", "unknown", False),
        (None, "permissive", False),
    ],
)
def test_freer(one, other, is_freer):
    assert freer(one, other) is is_freer


@given(st.text(max_size=400), st.none() | st.text(max_size=400))
def test_no_licence_raises(license_id, license_name):
    assert licence_class(license_id, license_name) in get_args(tables.LicenceClass)


@pytest.mark.parametrize(
    "unit", ["(", "mit or ", " and", "with ", "apache-2.0 and (", "a-", "creative commons ", "+", "license "]
)
def test_a_hostile_licence_ends(unit):
    assert licence_class("other", unit * 50_000) in ORDER


@pytest.mark.parametrize(
    ("spelling", "kind"),
    [
        *(
            (name, "permissive")
            for name in ("ASL 2.0", "ASL2", "2-clause BSD", "BSD 2 clause", "three-clause BSD license")
        ),
        *((name, "permissive") for name in ("Apache License, Version 2.0", "apache license v2", "FreeBSD", "MIT/X11")),
        *((name, "permissive") for name in ("MIT/Apache-2.0", "Apache 2.0 and CC BY 4.0", "MIT or Apache License 2.0")),
        *(
            (name, "permissive")
            for name in ("Licensed under the Apache License 2.0", "Expat", "zlib/libpng", "BSD 4 clause")
        ),
        *((name, "strong_copyleft") for name in ("GNU GPL v3 or later", "GPL 2.0 or newer", "GPL/MIT")),
        *((name, "strong_copyleft") for name in ("GPL version 3 or any later version", "GPL v3 or later and MIT")),
        ("LGPL v3 or any later version", "weak_copyleft"),
        ("BigScience RAIL 1.0", "use_restricted"),
        ("Apache 2.0 for research only", "non_commercial"),
        *((name, "custom") for name in ("MIT and something else", "MIT style", "monorail", "trail")),
        ("Modified MIT", "use_restricted"),
    ],
)
def test_plain_names_have_many_spellings(spelling, kind):
    assert licence_class(spelling) == kind
    assert licence_class("other", spelling.upper()) == kind
