"""Three published rules for months, written as published, and their holdings by pandas alone: published.py PROGRAM PRICES...

Each month's end from 2009 on: GEM (Antonacci 2014), GTAA 5 (Faber 2007) and VAA-G4 (Keller and Keuning 2017).
"""
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

SCORE = "12 * returns(1) + 4 * returns(3) + 2 * returns(6) + returns(12)"


def gem(closes):
    year = closes.pct_change(12)
    safe = year["SPY"] <= year["BIL"]
    foreign = year["EFA"] > year["SPY"]
    held = pd.Series("SPY", index=closes.index).mask(foreign, "EFA").mask(safe, "AGG")
    return pd.get_dummies(held).reindex(columns=closes.columns, fill_value=False).astype(float)


def gtaa(closes):
    return (closes > closes.rolling(10).mean()).astype(float) / 5


def vaa(closes):
    score = sum(weight * closes.pct_change(months) for weight, months in [(12, 1), (4, 3), (2, 6), (1, 12)]).loc[FIRST:]
    risky, safe = score[["SPY", "EFA", "EEM", "AGG"]], score[["LQD", "IEF", "BIL"]]
    held = risky.idxmax(axis=1).where((risky > 0).all(axis=1), safe.idxmax(axis=1))
    return pd.get_dummies(held).reindex(columns=closes.columns, fill_value=False).astype(float)


RULES = [
    (
        "GEM",
        ["SPY", "EFA", "AGG", "BIL"],
        'twelve = "monthly(returns(12))"',
        'if(of("SPY", twelve) > of("BIL", twelve), top(fixed(SPY = 1, EFA = 1) * twelve, 1), fixed(AGG = 1))',
        gem,
    ),
    ("GTAA 5", ["SPY", "EFA", "IEF", "VNQ", "DBC"], "", "monthly(close > sma(10)) / count()", gtaa),
    (
        "VAA-G4",
        ["SPY", "EFA", "EEM", "AGG", "LQD", "IEF", "BIL"],
        f'score = "monthly({SCORE})"',
        'if(min(of("SPY", score), of("EFA", score), of("EEM", score), of("AGG", score)) > 0, '
        "top(fixed(SPY = 1, EFA = 1, EEM = 1, AGG = 1) * score, 1), top(fixed(LQD = 1, IEF = 1, BIL = 1) * score, 1))",
        vaa,
    ),
]
START, FIRST, END = "2007-06-01", "2009-01-01", "2020-11-30"


def program_weights(program, folder, tickers, signals, formula):
    strategy = folder / "strategy.toml"
    strategy.write_text(
        f'name = "published"\nconventions = "sound"\nuniverse = {{ assets = {tickers} }}\n'
        f"[signals]\n{signals}\n[alpha]\nweights = '''{formula}'''\n"
        '[rebalance]\nschedule = "monthly"\nfill = "same_close"\n'
        "[portfolio]\ninitial_cash = 1e6\nlong_only = { cash_buffer = 0.0 }\n"
        f'[period]\nstart = {START}\nend = {END}\n[data]\nprices = "prices"\nadjust = true\n'
    )
    done = subprocess.run([program, "formula", strategy, "--format", "csv", "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return pd.read_csv(io.StringIO(done.stdout), index_col="Date", parse_dates=True).fillna(0.0)


def main():
    program, places = sys.argv[1], [Path(place) for place in sys.argv[2:]]
    failed = 0
    for name, tickers, signals, formula, rule in RULES:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "prices").mkdir()
            closes = {}
            for ticker in tickers:
                path = next(place / f"{ticker}.csv" for place in places if (place / f"{ticker}.csv").exists())
                (folder / "prices" / path.name).symlink_to(path.resolve())
                closes[ticker] = pd.read_csv(path, index_col="Date", parse_dates=True)["Adj Close"]
            # A fund that does not trade on a day keeps its last close.
            closes = pd.DataFrame(closes).loc[START:END].ffill()
            months = closes.groupby(closes.index.to_period("M")).tail(1)
            want = rule(months).loc[FIRST:]
            got = program_weights(program, folder, tickers, signals, formula).reindex(columns=tickers, fill_value=0.0)
            different = (got.loc[want.index] - want).abs().max(axis=1) > 1e-12
            failed += int(different.sum())
            held = int((want.diff().abs().sum(axis=1) > 0).sum())
            print(f"{name:7} {len(want)} months, {held} with a change: {int(different.sum())} differ"
                  + "".join(f"\n  {day.date()}" for day in want.index[different]))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
