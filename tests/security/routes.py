"""Every address of the application, found by walking the resolver, with a sample for each variable part."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

SAMPLES = {
    "key": "1",
    "pk": "1",
    "uidb36": "1",
    "colour": "17315c",
    "membership_key": "1",
    "provider_id": "provider",
    "reference": "A1",
    "quarter": "2026-07",
    "row": "1",
    "name": "police-extract",
    "version": "1",
    "form": "profile",
    "kind": "pdf",
    "extension": "csv",
    "year": "2026",
    "claim": "1",
    "number": "1",
    "step": "address",
}


@dataclass(frozen=True)
class Route:
    """One address: its name with namespace, its view, and a path that leads there."""

    name: str
    view: Callable[..., Any]
    path: str


def walk(resolver: URLResolver | None = None, prefix: str = "/", namespace: str = "") -> Iterator[Route]:
    """All routes below ``resolver`` (the root's by default)."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + _filled(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry, here, inner)
        else:
            yield Route(f"{namespace}{entry.name}", entry.callback, here)


def _filled(entry: URLPattern | URLResolver) -> str:
    pattern = entry.pattern
    text = str(pattern)
    converters = getattr(pattern, "converters", {})
    for name, converter in converters.items():
        sample = SAMPLES[name]
        if isinstance(converter, IntConverter) and not sample.isdigit():
            sample = "1"
        for written in (f"<{name}>", *(f"<{kind}:{name}>" for kind in ("int", "str", "slug", "path", "uuid", name))):
            text = text.replace(written, sample)
    if "(?P<" in text:  # the one-time link to set a password
        text = re.sub(r"\(\?P<\w+>(\w+)(\|\w+)+\)", r"\1", text).replace("\\.", ".")  # of alternatives the first
        text = text.lstrip("^").rstrip("$").replace("(?P<uidb36>[0-9A-Za-z]+)", "1").replace("(?P<key>.+)", "x")
    return text.lstrip("^")
