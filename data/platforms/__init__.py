"""The platforms. A platform is one file, with its value at the end, and a line in ALL; all else follows from that."""

from __future__ import annotations

from typing import Final

from data.platforms.baai import BAAI
from data.platforms.forges import GITCODE, GITEE, OPENI
from data.platforms.github import GITHUB
from data.platforms.hub.ask import HUB
from data.platforms.imports import SITES
from data.platforms.modelscope import MODELSCOPE
from data.platforms.opendatalab import OPENDATALAB
from data.platforms.platform import Platform
from data.platforms.semanticscholar import SEMANTIC_SCHOLAR

ALL: Final[tuple[Platform, ...]] = (
    HUB,
    GITHUB,
    MODELSCOPE,
    GITEE,
    GITCODE,
    BAAI,
    OPENI,
    OPENDATALAB,
    SITES,
    SEMANTIC_SCHOLAR,
)
BY_ID: Final = {platform.id: platform for platform in ALL}
# The forges on which repositories of code lie, by host.
FORGES: Final = {host: one for one in ALL if "repository" in one.lists for host in one.hosts}
_BY_NAME: Final = {name.lower().replace(" ", ""): one for one in ALL for name in (one.id, one.title, *one.spellings)}


def word(name: str) -> str:
    """Return the word of stored columns for a platform in any of its spellings; another name as it is."""
    return found.word if (found := named(name)) else name


def title(name: str) -> str:
    """Return what people call a platform in any of its spellings; another name as it is."""
    return found.title if (found := named(name)) else name


def named(name: str) -> Platform | None:
    """Return the platform that a file or a person calls by this name, in any of its spellings; None for another."""
    return _BY_NAME.get(name.lower().replace(" ", ""))
