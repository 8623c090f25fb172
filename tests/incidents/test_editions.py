"""What a newer edition changes of the one that is here."""

import pyarrow as pa

from frankpledge.records.incidents.editions import EditionChange, compare


def rows(*pairs):
    return pa.table(
        {
            "line": pa.array(range(len(pairs)), pa.int32()),
            "reference": pa.array([reference for reference, _ in pairs], pa.string()),
            "crime_type": pa.array([kind for _, kind in pairs], pa.string()),
        }
    )


BEFORE = rows(("A1", "burglary"), ("A2", "burglary"), ("A3", "robbery"), (None, "drugs"), (None, "drugs"))


def test_rows_are_changed_by_their_reference_else_new_or_gone():
    after = rows((None, "drugs"), ("A2", "burglary"), ("A1", "robbery"), ("A9", "robbery"))
    change = compare(BEFORE, after)
    assert (change.changed, change.added, change.removed, change.rows) == (1, 1, 2, 4)
    assert change.types == {"burglary": (2, 1), "drugs": (2, 1), "robbery": (1, 2)}
    assert change.sentence == "4 rows differ: 1 changed, 1 new, 2 gone."
    assert change.type_sentences()[0] == "Burglary went from 2 to 1."
    assert EditionChange.from_dict(change.as_dict()) == change


def test_another_order_of_the_same_rows_changes_nothing():
    assert compare(BEFORE, BEFORE.take(pa.array([4, 2, 0, 1, 3]))).rows == 0


def test_from_nothing_all_is_new():
    assert compare(BEFORE.slice(0, 0), BEFORE).added == 5
