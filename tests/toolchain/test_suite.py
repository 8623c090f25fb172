"""How `run.py test` counts, what it calls missing, and when it fails."""

from pathlib import Path

import pytest

from tools import suite
from tools.suite import Tally

REPORT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure message="no"/></testcase>
<testcase name="c"><error message="no"/></testcase>
<testcase name="d"><skipped type="pytest.skip" message="needs the shared folder"/></testcase>
<testcase name="e"><skipped type="pytest.skip" message="needs the shared folder"/></testcase>
<testcase name="f"><skipped type="pytest.skip" message="only on PostgreSQL: it has roles"/></testcase>
<testcase name="g"><skipped type="pytest.xfail" message="known"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted(tmp_path: Path) -> None:
    """Errors count as failed; a test skipped for the other database lacks nothing."""
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert suite.read_report(report) == Tally(1, 2, 4, (("needs the shared folder", 2),))


def test_a_pass_that_left_no_report_counts_nothing(tmp_path: Path) -> None:
    """pytest died before it could say anything."""
    assert suite.read_report(tmp_path / "none.xml") == Tally()


def test_passes_add_up_and_the_last_line_says_so() -> None:
    """Two passes are one suite."""
    both = Tally(3, 1, 2, (("a", 1),)) + Tally(4, 0, 1, (("a", 1), ("b", 1)))
    assert both.line() == "7 passed, 1 failed, 3 skipped"
    assert both.missing == (("a", 2), ("b", 1))


@pytest.mark.parametrize(
    ("tally", "strict", "status"),
    [
        (Tally(passed=5), False, 0),
        (Tally(passed=5), True, 0),
        (Tally(passed=5, failed=1), False, 1),
        (Tally(), False, 1),
        (Tally(passed=5, skipped=1, missing=(("needs Chromium", 1),)), False, 0),
        (Tally(passed=5, skipped=1, missing=(("needs Chromium", 1),)), True, 1),
        (Tally(passed=5, skipped=1), True, 0),
    ],
)
def test_when_the_suite_fails(tally: Tally, strict: bool, status: int) -> None:
    """A failure always fails it; something missing only where nothing may be missing; nothing run is no success."""
    assert suite.verdict(tally, strict=strict) == status
