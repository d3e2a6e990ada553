"""One case of a row: a folder with its prices, the sweeps run in it one after another, and what the program said of each."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import sweeps
from .draws import Draws
from .failure import Failure
from .markets import Real


@dataclass
class Program:
    """The program under test, and further options of `sweep aggregate`."""

    path: str
    options: tuple = ()

    def call(self, folder, *arguments):
        done = subprocess.run(
            [self.path, "sweep", *arguments, "--quiet"],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            # Cases run side by side, a processor each.
            env={**os.environ, "RAYON_NUM_THREADS": "1", "LC_ALL": "C"},
        )
        if done.returncode:
            raise Failure(f"sweep {' '.join(arguments)}: exit code {done.returncode}: {done.stderr.strip()}")
        return done.stdout


class Case:
    """What a row is given. `draws` are its random numbers, `real` the real prices, `folder` its folder."""

    def __init__(self, row, seed, number, folder, program, prices):
        self.draws = Draws(seed, row, number)
        self.folder = Path(folder)
        self.real = Real(prices)
        self.program = program
        self.steps = []

    def judge(self, step, market, weights, axes, **more):
        """Writes a sweep (see `sweeps.write`), runs and aggregates it, and notes the verdict as a step. Gives the whole answer."""
        name = step.replace(" ", "-")
        sweeps.write(self.folder, name, market, weights, axes, **more)
        results = self.program.call(self.folder, "run", f"{name}.toml", "-j", "1").strip()
        answer = json.loads(self.program.call(self.folder, "aggregate", results, "--json", *self.program.options))
        if answer["points"]["failed"] or answer["points"]["missing"]:
            raise Failure(f"{name}: points failed or are missing: {answer['points']}")
        answer["folder"] = self.folder / results
        self.steps.append({"step": step, **told(answer)})
        return answer


def told(answer):
    """What is kept of an answer. Figures that this version of the program has not are left out."""
    verdict = answer["verdict"]
    kept = {
        "verdict": verdict["verdict"],
        "points": answer["points"]["exist"],
        "trials": at(verdict, "trials", "canonical"),
        "sessions": at(verdict, "periods"),
        "p": at(verdict, "selected", "p"),
        "p_best": at(verdict, "best", "p"),
        "look": at(verdict, "family", "look"),
    }
    return {key: value for key, value in kept.items() if value is not None}


def at(value, *keys):
    """The value below these keys, or none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
