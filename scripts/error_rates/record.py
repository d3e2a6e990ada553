"""The file of finished cases: a line of JSON each, added when the case ends, so that a run goes on where another one stopped."""

import fcntl
import json
import os
import sys

from .failure import Failure


class Record:
    """Lines of one program, one seed and the same prices count; lines of others stay in the file."""

    KEYS = ("seed", "program", "prices")

    def __init__(self, path, **mine):
        self.mine = {key: mine[key] for key in self.KEYS}
        self.cases = {}
        self.file = open(path, "a+", encoding="utf-8")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failure(f"another run writes {path}; give this one another --work") from None
        self.file.seek(0)
        others, end = 0, "\n"
        for number, line in enumerate(self.file, 1):
            end = line[-1]
            try:
                case = json.loads(line)
                mine = all(case[key] == value for key, value in self.mine.items())
                key = case["row"], case["number"]
                case["steps"][0]["verdict"]
            except (ValueError, KeyError, IndexError, TypeError):
                print(f"error-rates: {path}:{number}: not a whole line, left out", file=sys.stderr)
                continue
            if mine:
                self.cases[key] = case
            others += not mine
        if end != "\n":
            self.file.write("\n")
        if others:
            print(
                f"error-rates: {others} lines of {path} are of another program, seed or prices and do not count", file=sys.stderr
            )

    def add(self, row, number, steps, seconds):
        case = {"row": row, "number": number, **self.mine, "steps": steps, "seconds": round(seconds, 2)}
        self.file.write(json.dumps(case) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.cases[row, number] = case
