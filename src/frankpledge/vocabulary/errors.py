"""The errors a person can mend. Anything else that is raised is a bug and shows everything."""

from dataclasses import dataclass


class FrankpledgeError(Exception):
    """Root of all errors shown as one clear sentence, without a traceback."""

    @property
    def sentence(self) -> str:
        """What is wrong, where, and what to do, in words for the screen."""
        return str(self)


@dataclass
class DataProblem(FrankpledgeError):
    """A file cannot be used as it is. Nothing of it was kept."""

    problem: str
    file: str | None = None
    line: int | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}" if self.file else ""
        if self.file and self.line:
            where += f", line {self.line}"
        head = f"{where}: {self.problem}" if where else self.problem
        return f"{head} {self.remedy}" if self.remedy else head


class RuleBroken(FrankpledgeError):
    """The partnership may not do this now, for a reason a coordinator understands."""


class NotPermitted(FrankpledgeError):
    """This person may not do or see this. Shown to them as absence, recorded for the administrator."""


class CannotCompute(FrankpledgeError):
    """A statistic that cannot honestly be computed from what was given."""

    @property
    def sentence(self) -> str:
        """Why not. A Phrase stays one, so that a page can say it in another language."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)
