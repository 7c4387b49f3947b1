"""One pass over the elements of an XML part, by expat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers.expat import ExpatError, ParserCreate

from fupin_audit.read.guards import check_xml, damaged

Start = Callable[[str, dict[str, str]], None]


def local(tag: str) -> str:
    """Return an element's name without its prefix."""
    return tag.rpartition(":")[2]


def walk(
    pieces: Iterable[bytes],
    start: Start,
    *,
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
    broken: str,
) -> None:
    """Hand every element to `start` and `end`, and the text between them.

    Args:
        broken: What to say of a part that is no XML.

    Raises:
        UnreadableFile: It is none, or brings a document type with it.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = lambda *_: check_xml(b"<!DOCTYPE")
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (ExpatError, LookupError, ValueError) as error:
        raise damaged(broken) from error
