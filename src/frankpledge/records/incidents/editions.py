"""What a newer edition of a period changes: rows that are new, gone or changed, and how many of each type there are.

Pure functions over Arrow tables of the store. No Django.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.wording import Phrase, whole, word

_CELL_END, _UNKNOWN = "\x1f", "\x1e"
MOST_TYPES = 12


@dataclass(frozen=True, slots=True)
class EditionChange:
    """One edition against another. ``types``: type of event -> how many before and after, where that differs."""

    added: int
    removed: int
    changed: int
    before: int
    after: int
    types: Mapping[str, tuple[int, int]]

    @property
    def rows(self) -> int:
        """How many rows differ."""
        return self.added + self.removed + self.changed

    @property
    def sentence(self) -> Phrase:
        """``214 rows changed``: in one line what a person decides about."""
        return Phrase(
            "{rows} rows differ: {changed} changed, {added} new, {removed} gone.",
            rows=whole(self.rows),
            changed=whole(self.changed),
            added=whole(self.added),
            removed=whole(self.removed),
        )

    def type_sentences(self) -> list[Phrase]:
        """``Burglary went from 33 to 35.``, the largest change first."""
        ordered = sorted(self.types.items(), key=lambda pair: (-abs(pair[1][1] - pair[1][0]), pair[0]))
        return [
            Phrase(
                "{what} went from {before} to {after}.",
                what=word(type_words(kind)),
                before=whole(before),
                after=whole(after),
            )
            for kind, (before, after) in ordered[:MOST_TYPES]
        ]

    def as_dict(self) -> dict[str, Any]:
        """The change as plain JSON."""
        return {
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "before": self.before,
            "after": self.after,
            "types": {kind: list(pair) for kind, pair in self.types.items()},
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "EditionChange":
        """Read ``as_dict``'s form."""
        types = {kind: (pair[0], pair[1]) for kind, pair in plain["types"].items()}
        return cls(**{**plain, "types": types})


def type_words(kind: str) -> str:
    """A type of event, or a publisher's own word, as it stands at the start of a sentence."""
    known = {one.value: one.label for one in CrimeType}
    return known.get(kind, f"{kind[:1].upper()}{kind[1:]}")


def compare(before: pa.Table, after: pa.Table) -> EditionChange:
    """What ``after`` changes of ``before``, two tables of one shape.

    Rows equal in every cell but their line are the same. Of the rest, a row with a reference that stands on both sides
    was changed; the others are gone or new.
    """
    old, new = _texts(before), _texts(after)
    gone, come = _left_over(old, new), _left_over(new, old)
    lost, gained = _references(before, gone), _references(after, come)
    changed = sum((lost & gained).values())
    was, now = _types(before), _types(after)
    types = {kind: (was[kind], now[kind]) for kind in sorted(was | now) if was[kind] != now[kind]}
    return EditionChange(len(come) - changed, len(gone) - changed, changed, before.num_rows, after.num_rows, types)


def _texts(rows: pa.Table) -> list[str]:
    columns = [
        pc.fill_null(rows[name].cast(pa.string()), _UNKNOWN).combine_chunks()
        for name in sorted(rows.schema.names)
        if name != "line"
    ]
    return pc.binary_join_element_wise(*columns, _CELL_END).to_pylist() if rows.num_rows else []


def _left_over(these: list[str], those: list[str]) -> list[int]:
    """Positions in ``these`` of texts that ``those`` does not hold as often."""
    there, left = Counter(those), []
    for at, text in enumerate(these):
        if there[text]:
            there[text] -= 1
        else:
            left.append(at)
    return left


def _references(rows: pa.Table, at: list[int]) -> Counter[str]:
    if "reference" not in rows.schema.names:
        return Counter()
    return Counter(value for value in rows["reference"].take(pa.array(at, pa.int64())).to_pylist() if value)


def _types(rows: pa.Table) -> Counter[str]:
    for column in ("crime_type", "kind", "question"):
        if column in rows.schema.names:
            return Counter(value or "" for value in rows[column].to_pylist())
    return Counter()
