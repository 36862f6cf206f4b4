"""The forges on which repositories of code lie: by what each is called, where it is, and what asks it."""

from __future__ import annotations

from types import ModuleType
from typing import Final, NamedTuple

from data.platforms import gitcode, gitee, github, openi


class Forge(NamedTuple):
    """A forge: its word on the command line, its host, its name to people, and its source."""

    word: str
    host: str
    title: str
    source: ModuleType


FORGES: Final = (
    Forge("github", "github.com", github.SOURCE, github),
    Forge("gitee", "gitee.com", gitee.SOURCE, gitee),
    Forge("gitcode", "gitcode.com", gitcode.SOURCE, gitcode),
    Forge("openi", "openi.pcl.ac.cn", openi.SOURCE, openi),
)
BY_WORD: Final = {forge.word: forge for forge in FORGES}
BY_HOST: Final = {forge.host: forge for forge in FORGES}
