"""What each source may be asked for, how its ids are written, and where its platform is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from data.organisations import job
from data.platforms import semanticscholar
from data.platforms.hub import ask as hub
from data.platforms.hub import ids
from data.platforms.ids import owned


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a source takes of the command's options, and of what it needs one.

    `read` makes an id of whatever names it (None: that is no id, which looks like `example`); `usual` and `every` are
    the steps beyond the first call.
    """

    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    read: Callable[[str], str | None] = str.strip
    example: str = ""
    usual: tuple[str, ...] = ()
    every: tuple[str, ...] = ()


_FORGE: Final = Options(takes=("ids",), needs=("ids",), read=owned, example="owner/name")
# OpenI and OpenDataLab list nothing: what they lack comes in as a table.
_LISTLESS: Final = Options(takes=("ids", "table", "as_of"), needs=("ids", "table"), read=owned, example="owner/name")
OPTIONS: Final[Mapping[str, Options]] = {
    "huggingface": Options(
        takes=("ids", "author", "search", "filters", "top", "with"),
        read=ids.model_id,
        example="org/name",
        usual=hub.NEEDED,
        every=(*hub.STEPS, "citations"),
    ),
    "github": _FORGE,
    "gitee": _FORGE,
    "gitcode": _FORGE,
    "openi": _LISTLESS,
    "opendatalab": _LISTLESS,
    "modelscope": Options(
        takes=("ids", "author", "kind"),
        needs=("author", "ids"),
        read=lambda text: owned(text, "models", "datasets"),
        example="owner/name",
    ),
    "baai": Options(),
    "sites": Options(takes=("table", "as_of")),
    "semanticscholar": Options(takes=("ids",), needs=("ids",), read=semanticscholar.paper_id, example="2401.00001"),
    "organisations": Options(
        takes=("ids", "pages", "table", "as_of", "with"),
        usual=job.STEPS,
        every=job.STEPS,
    ),
}
# Where the platforms are, if not at their public addresses.
ADDRESSES: Final = (
    "HF_ENDPOINT", "GITHUB_API_URL", "MODELSCOPE_ENDPOINT", "GITEE_API_URL", "GITCODE_API_URL", "BAAI_API_URL",
    "OPENI_ENDPOINT", "OPENDATALAB_ENDPOINT", "SEMANTIC_SCHOLAR_API_URL",
)  # fmt: skip
