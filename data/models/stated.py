"""What a record states of its model, wherever it states it: tags, metadata, README and the names of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from data.models import files
from data.platforms.hub.card import read_card, read_metadata
from data.shapes import as_dict, as_strings


class Stated(NamedTuple):
    """What a record states, in one shape: its tags, its card's metadata, its README and the names of its files."""

    tags: frozenset[str]
    prefixed: Mapping[str, list[str]]  # what follows each prefix of a tag, without its colon
    tags_complete: bool
    cut: frozenset[str]
    metadata: Mapping[str, Any]
    card: Mapping[str, Any]
    front: Mapping[str, Any]  # the README's own metadata
    metadata_read: bool
    read: bool
    files: tuple[str, ...]
    files_complete: bool

    def tagged(self, prefix: str) -> list[str]:
        """Return what follows a prefix in the tags that have it, in order."""
        return sorted(self.prefixed.get(prefix[:-1], ()))

    def stated(self, key: str) -> list[str]:
        """Return the values of a key in the metadata, those of the record's own first."""
        own = as_strings(self.metadata.get(key))
        return own + as_strings(self.front.get(key)) if self.front else own

    @property
    def complete(self) -> bool:
        """Whether something that no tag and no metadata states is really not in the metadata."""
        return self.tags_complete or self.metadata_read

    def section(self, name: str) -> bool:
        """Whether the README's prose tells about a topic."""
        return as_dict(self.card.get("sections")).get(name) is True


def stated(record: Mapping[str, Any]) -> Stated:
    """Bring a record of any shape that the Hub is known to return into that one shape. Never raises."""
    tags = record.get("tags")
    cut = frozenset(as_strings(record.get("_incomplete")))
    reduced = as_dict(record.get("readme_facts"))
    text = record.get("readme")
    card = reduced or (read_card(text) if isinstance(text, str) else {})
    read = bool(card) and card.get("complete") is not False
    paths = files.paths(record)
    named = tuple(path for path in paths or () if isinstance(path, str))
    words = frozenset(map(str.lower, as_strings(tags)))
    prefixed: dict[str, list[str]] = {}
    for word in words:
        prefix, _, rest = word.partition(":")
        if rest:
            prefixed.setdefault(prefix, []).append(rest)
    data = as_dict(record.get("cardData"))
    return Stated(
        tags=words,
        prefixed=prefixed,
        tags_complete=isinstance(tags, list | tuple) and "tags" not in cut,
        cut=cut,
        metadata=read_metadata(data) if data else {},
        card=card,
        front=as_dict(card.get("metadata")),
        metadata_read=bool(data) or read,
        read=read,
        files=named,
        files_complete=paths is not None and len(named) == len(paths) and "siblings" not in cut,
    )
