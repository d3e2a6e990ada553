"""Runs the cases that are not there yet, several side by side."""

import concurrent.futures
import resource
import shutil
import signal
import sys
import time
from pathlib import Path

from .case import Case
from .failure import Failure
from .rows import ROWS


def play(name, seed, number, folder, program, prices, keep):
    """One case, in a process of the pool: its steps and the processor seconds it took."""
    began = spent()
    folder = Path(folder, f"{name}-{seed}-{number}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    case = Case(name, seed, number, folder, program, prices)
    try:
        ROWS[name].play(case)
    except Failure as failure:
        raise Failure(f"{name}, number {number}, in {folder}: {failure}") from None
    if not keep:
        shutil.rmtree(folder)
    return case.steps, spent() - began


def spent():
    """Processor seconds of this process and of the programs it called."""
    return sum(
        resource.getrusage(who)[0] + resource.getrusage(who)[1] for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def run(record, cases, processes, *, seed, folder, program, prices, keep):
    """Plays the cases (row, number), and adds each to the record when it is done. The first failure ends it."""
    began, done = time.monotonic(), 0
    # Only this process hears an interruption: the others, and the programs they call, end their cases.
    with concurrent.futures.ProcessPoolExecutor(
        processes, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    ) as pool:
        waiting = {pool.submit(play, name, seed, number, folder, program, prices, keep): (name, number) for name, number in cases}
        try:
            for future in concurrent.futures.as_completed(waiting):
                steps, seconds = future.result()
                record.add(*waiting[future], steps, seconds)
                done += 1
                note(f"{done} of {len(cases)} cases after {time.monotonic() - began:.0f} s")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            note(None)


def note(text):
    """A line that the next one takes the place of, on a terminal."""
    if sys.stderr.isatty():
        print("\n" if text is None else f"\r{text}", end="", file=sys.stderr, flush=True)
