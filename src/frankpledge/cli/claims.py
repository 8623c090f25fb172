"""`frankpledge claims`: is every printed number true of its own figures? Without a server."""

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from frankpledge.analysis.claims.across import check_claims, check_document
from frankpledge.analysis.claims.claims import Checked, Finding, Verdict
from frankpledge.analysis.claims.reading import claims_from_list, document
from frankpledge.vocabulary.errors import DataProblem

EXIT_CONFLICTS = 3


@click.group()
def command() -> None:
    """Check the numbers of a document."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "json_to", metavar="FILE", help="Write the verdicts as JSON; - for standard output.")
def check(file: Path, json_to: str | None) -> int:
    """Verdict by claim. FILE is a list of claims, or a whole document with its figures, targets and actions.

    Ends with 0 where nothing conflicts and with 3 where something does.
    """
    checked, findings = _checked(file)
    if json_to:
        text = json.dumps(_as_json(checked, findings), ensure_ascii=False, indent=1) + "\n"
        if json_to == "-":
            click.echo(text, nl=False)
        else:
            Path(json_to).write_text(text, encoding="utf-8")
    if json_to != "-":
        for one in checked:
            click.echo(f"{one.claim.key:<6} {one.verdict:<18} {one.why}")
            for need in one.needs:
                click.echo(f"{'':<26}{need}")
        for finding in findings:
            click.echo(f"{'':<6} {finding.kind}: {finding.sentence}")
        click.echo(_summary(checked, findings))
    conflicts = any(one.verdict is Verdict.CONFLICT for one in checked) or any(f.is_conflict for f in findings)
    return EXIT_CONFLICTS if conflicts else 0


def _checked(file: Path) -> tuple[list[Checked], Sequence[Finding]]:
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataProblem("it is not JSON.", file=str(file), remedy="See docs/claims.md for its shape.") from error
    if isinstance(given, dict):
        try:
            found = check_document(document(given))
        except (KeyError, TypeError) as error:
            raise DataProblem(f"{error} is missing or of another kind.", file=str(file)) from error
        return list(found.checked), found.findings
    return check_claims(claims_from_list(given, str(file))), ()


def _summary(checked: Sequence[Checked], findings: Sequence[Finding]) -> str:
    counts = Counter(one.verdict for one in checked)
    words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    across = sum(finding.is_conflict for finding in findings)
    return f"{len(checked)} claims: {words or 'none'}." + (f" {across} conflicts between them." if across else "")


def _as_json(checked: Sequence[Checked], findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "claims": [
            {
                "id": one.claim.key,
                "verdict": one.verdict.value,
                "why": str(one.why),
                "computed": [_number(result.value) for result in one.results],
                "sums": [result.sum_words for result in one.results],
                "allowed": None if one.allowed is None else [float(end) for end in one.allowed],
                "needs": [str(need) for need in one.needs],
                "doubts": [str(doubt) for doubt in one.doubts],
            }
            for one in checked
        ],
        "findings": [
            {
                "kind": finding.kind.value,
                "conflict": finding.is_conflict,
                "sentence": str(finding.sentence),
                "touches": list(finding.touches),
            }
            for finding in findings
        ],
    }


def _number(value: object) -> Any:
    if isinstance(value, tuple):
        return [_number(cell) for cell in value]
    return round(float(value), 6) if isinstance(value, Fraction) else value
