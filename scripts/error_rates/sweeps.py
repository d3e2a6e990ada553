"""The files of one sweep, and numbers without knowledge that its rule may look at."""

import json

COLUMNS = [f"s{number:02}" for number in range(1, 51)]


def write(folder, name, market, weights, axes, *, parameters=None, columns=None, schedule="daily", short=False, keep=None):
    """Writes NAME.toml and its strategy. `columns` are names of columns and the file that has them."""
    lines = [f'name = "{name}"', 'conventions = "sound"']
    if parameters:
        lines += ["[parameters]", *(f"{key} = {value}" for key, value in parameters.items())]
    lines += ["[universe]", f"assets = {json.dumps(market.assets)}"]
    lines += ["[alpha]", f"weights = '{weights}'"]
    lines += ["[rebalance]", f'schedule = "{schedule}"', *(['weekday = "WED"'] if schedule == "weekly" else [])]
    lines += ["[portfolio]", "initial_cash = 1e6", 'shares = "fractional"']
    lines += ["long_short = { max_gross = 1.0 }" if short else "long_only = { cash_buffer = 0.0 }"]
    lines += ["[period]", f"start = {market.dates[0]}", f"end = {market.dates[-1]}"]
    lines += [f"burn_in = {market.dates[market.warm]}"] if market.warm else []
    lines += ["[data]", 'prices = "prices"', f"adjust = {json.dumps(market.adjust)}"]
    if columns:
        names, file = columns
        lines += ["[data.columns]", *(f'{column} = {{ file = "{file}", lag = 0 }}' for column in names)]
    _put(folder / f"{name}-strategy.toml", lines)
    lines = [f'name = "{name}"', f'strategy = "{name}-strategy.toml"', *([f'keep = "{keep}"'] if keep else []), "[axes]"]
    lines += [f"{json.dumps(key)} = {json.dumps(values)}" for key, values in axes.items()]
    _put(folder / f"{name}.toml", lines)


def _put(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def numbers(folder, dates, series, file="numbers.csv"):
    """Writes a column for each series, a row a date, for all assets alike. Gives what `write` takes as `columns`."""
    names = list(series)
    with open(folder / file, "w", newline="") as out:
        out.write(",".join(["Date", *names]) + "\n")
        for day, *values in zip(dates, *series.values(), strict=True):
            out.write(",".join([day, *map(str, values)]) + "\n")
    return names, file


def scores(folder, dates, assets, score, file="scores.csv"):
    """Writes a row a date and asset with the fifty columns. `score(place, asset)` gives their numbers, `place` that of the date."""
    with open(folder / file, "w", newline="") as out:
        out.write(",".join(["Date", "Symbol", *COLUMNS]) + "\n")
        for place, day in enumerate(dates):
            for asset in assets:
                out.write(",".join([day, asset, *(f"{value:.6f}" for value in score(place, asset))]) + "\n")
    return COLUMNS, file
