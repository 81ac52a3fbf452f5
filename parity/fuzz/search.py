"""Searches for requests that break an API, with Hypothesis, and shrinks what it finds to the smallest request.

Hypothesis runs in rounds. In each it looks for what is not known yet, every kind and place under an exception class of
its own, so that each is shrunk by itself; what a round found, the next one looks past. What became of a request is
remembered, so that a backend that answers differently the second time confuses no shrinking.
"""

import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisWarning

from parity.compare.case import Case
from parity.fuzz.causes import by_cause
from parity.fuzz.finding import Finding, Kind, Signature, Symptom, symptom_of
from parity.fuzz.requests import fuzz_requests
from parity.fuzz.subject import Reply, Subject

ROUND_REQUESTS = 400
"""Requests of a round of Hypothesis: enough for it to vary what it has seen, few enough to look at the clock."""
SHRINKING_REQUESTS = 2000
"""Requests of a round that may go into shrinking what it found."""
MAX_FINDINGS = 25
"""After so many the API is too broken for more to help."""
PROGRESS_REQUESTS = 10
"""How often progress is reported."""
OnProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """An integration that none of `requests` came as far as, and what the first of them got."""

    label: str
    requests: int
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzReport:
    """What a search found. `requests` were sent to search, each to every integration, `shrinking_requests` to shrink.

    `interrupted` is whether it was ended from outside before its limit; then findings may not be shrunk. `unreached`
    are the integrations that no request came as far as, of which it says nothing.
    """

    description: str
    seed: int
    findings: tuple[Finding, ...]
    requests: int
    shrinking_requests: int
    duration_ms: float
    interrupted: bool = False
    unreached: tuple[Unreached, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found, and each integration that was sent requests got one."""
        return not self.findings and not self.unreached


class _FoundError(Exception):
    """Tells Hypothesis that a request shows something. Its subclasses stand for one signature each."""

    def __init__(self, route: int, case: Case, symptom: Symptom) -> None:
        super().__init__(symptom.title)
        self.route = route
        self.case = case
        self.symptom = symptom


def fuzz(
    subject: Subject,
    *,
    seed: int,
    requests: int | None = None,
    seconds: float | None = None,
    on_progress: OnProgress | None = None,
) -> FuzzReport:
    """Sends requests until a count or a time is reached, and reports each distinct finding by its smallest request.

    Bounded by a count, the same seed gives the same requests; bounded by a time, as many of them as there was time for.

    Args:
        subject: what takes the requests.
        seed: the seed of the search.
        requests: how many to send, each to every integration; those of shrinking are not counted.
        seconds: how long to search; what was found by then is still shrunk.
        on_progress: told in a few words how far it is.
    """
    search = _Search(subject, seed, requests, seconds, on_progress)
    started, interrupted = time.monotonic(), False
    try:
        with _interrupts_noted(search):
            search.run()
    except KeyboardInterrupt:
        interrupted = True
    return FuzzReport(
        description=subject.description,
        seed=seed,
        findings=search.findings(again=not interrupted),
        requests=search.sent,
        shrinking_requests=search.sent_to_shrink,
        duration_ms=(time.monotonic() - started) * 1000,
        interrupted=interrupted,
        unreached=search.unreached(),
    )


@contextmanager
def _interrupts_noted(search: "_Search") -> Iterator[None]:
    """Notes Ctrl-C for the search, which ends with its next request: the exception alone is lost where it comes up in a
    callback of the garbage collector, and Hypothesis has one.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's arguments
        search.interrupted = True
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class _OverError(BaseException):
    """Ends a round of Hypothesis, which has no limit of time, at once."""


class _Search:
    """One search. `sent` and `sent_to_shrink` count requests; `interrupted` ends it."""

    def __init__(
        self, subject: Subject, seed: int, requests: int | None, seconds: float | None, on_progress: OnProgress | None
    ) -> None:
        self._subject = subject
        self._seed = seed
        self._requests = requests
        self._until = None if seconds is None else time.monotonic() + seconds
        self._on_progress = on_progress or (lambda _: None)
        self._strategy = fuzz_requests(subject.routes, subject.vocabulary)
        self._classes: dict[Signature, type[_FoundError]] = {}
        self._smallest: dict[Signature, _FoundError] = {}
        self._known: frozenset[Signature] = frozenset()
        self._remembered: dict[tuple[int, Case], Symptom | None] = {}
        self._reached: set[str] = set()
        self._turned_away: dict[str, list[Reply]] = {}
        self._sent_in_round_to_shrink = 0
        self._tried = 0
        self.sent = 0
        self.sent_to_shrink = 0
        self.interrupted = False

    def run(self) -> None:
        """Searches until a limit is reached."""
        number = 0
        while not self._over() and len(self._smallest) < MAX_FINDINGS:
            self._round(number)
            number += 1

    def findings(self, *, again: bool) -> tuple[Finding, ...]:
        """What was found, by cause: causes in templates first, and of each cause what shows it best.

        Args:
            again: whether to send each once more, to see whether it shows again.
        """
        everything = list(self._smallest.values())
        groups = by_cause([found.symptom for found in everything])
        numbered = [(cause, everything[index]) for cause, group in enumerate(groups, 1) for index in group]
        return tuple(self._finding(number, *found, again) for number, found in enumerate(numbered, 1))

    def unreached(self) -> tuple[Unreached, ...]:
        """The integrations that every request was turned away from."""
        return tuple(
            Unreached(label=label, requests=len(replies), reply=replies[0])
            for label, replies in self._turned_away.items()
            if label not in self._reached
        )

    def _finding(self, number: int, cause: int, found: _FoundError, again: bool) -> Finding:
        kind, signature = found.symptom.kind, found.symptom.signature
        case = replace(found.case, name=f"fuzz-{kind}-{number}", why=found.symptom.title)
        if not again or kind is Kind.HANG:
            return Finding(symptom=found.symptom, case=case, cause=cause)
        symptom = symptom_of(self._subject.observe(found.route, case), self._smallest.keys() - {signature})
        if symptom is None or symptom.signature != signature:
            return Finding(symptom=found.symptom, case=case, cause=cause, reproduced=False)
        return Finding(symptom=symptom, case=case, cause=cause)

    def _round(self, number: int) -> None:
        """Looks for what is not known, and shrinks it."""
        self._known = frozenset(self._smallest)
        self._remembered = {}
        self._sent_in_round_to_shrink = 0
        left = ROUND_REQUESTS if self._requests is None else min(ROUND_REQUESTS, self._requests - self._tried)
        run = seed(f"{self._seed}/{number}")(_settings(left)(given(self._strategy)(self._try)))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", HypothesisWarning)  # of how long its names for strategies are
                run()
        except _OverError:
            pass
        except (_FoundError, BaseExceptionGroup) as error:
            for found in error.exceptions if isinstance(error, BaseExceptionGroup) else (error,):
                if not isinstance(found, _FoundError):
                    raise
                self._smallest[found.symptom.signature] = found

    def _over(self) -> bool:
        by_count = self._requests is not None and self._tried >= self._requests
        return by_count or (self._until is not None and time.monotonic() >= self._until)

    def _try(self, request: tuple[int, Case]) -> None:
        """What Hypothesis runs: fails when the request shows what is not known yet."""
        symptom = self._remembered[request] if request in self._remembered else self._send(*request)
        if symptom is None:
            return
        signature = symptom.signature
        found = self._classes.setdefault(signature, type("_OneFoundError", (_FoundError,), {}))(*request, symptom)
        self._smallest.setdefault(signature, found)
        if symptom.kind is not Kind.HANG:  # to shrink one would take half a minute a request
            raise found

    def _send(self, route: int, case: Case) -> Symptom | None:
        if self.interrupted:
            raise KeyboardInterrupt
        if len(self._smallest) > len(self._known):
            if self._sent_in_round_to_shrink >= SHRINKING_REQUESTS:
                return None
            self._sent_in_round_to_shrink += 1
            self.sent_to_shrink += 1
        elif self._over():
            raise _OverError
        else:
            self._tried += 1
            self.sent += 1
        self._tell()
        observation = self._subject.observe(route, case)
        for reply in observation.replies:
            if reply.reached:
                self._reached.add(reply.label)
            elif reply.label not in self._reached and not reply.answer.error:
                self._turned_away.setdefault(reply.label, []).append(reply)
        symptom = symptom_of(observation, self._known)
        self._remembered[route, case] = symptom
        return symptom

    def _tell(self) -> None:
        if (self.sent + self.sent_to_shrink) % PROGRESS_REQUESTS:
            return
        count = f"{self.sent}/{self._requests}" if self._requests is not None else str(self.sent)
        doing = "shrinking" if len(self._smallest) > len(self._known) else "fuzzing"
        found = len(self._smallest)
        self._on_progress(f"{doing}: {count} requests, {found} finding{'' if found == 1 else 's'}")


def _settings(requests: int) -> settings:
    """Hypothesis without its limits of time, its files and its own messages."""
    return settings(
        max_examples=requests,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=True,
        print_blob=False,
    )
