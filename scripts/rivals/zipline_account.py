"""zipline on a folder of price files: PRICES FOLDER FEE CASH native|whole_target.

Reads weights.csv in FOLDER, writes equity.csv there and prints the version. `native` orders with `order_target_percent`;
`whole_target` rounds the shares to hold down, after the fee, as this program does."""

import os
import pathlib
import sys

prices, folder, fee, cash, manner = sys.argv[1:]
fee, cash = float(fee), float(cash)
os.environ["ZIPLINE_ROOT"] = str(pathlib.Path(folder, "root"))

import numpy as np
import pandas as pd
import zipline
from zipline import api
from zipline.data import bundles
from zipline.data.bundles.csvdir import csvdir_equities
from zipline.finance import commission, slippage

weights = pd.read_csv(pathlib.Path(folder, "weights.csv"), index_col=0, parse_dates=True)
first = pd.read_csv(next(pathlib.Path(prices, "daily").glob("*.csv")), index_col=0, parse_dates=True).index
bundles.register(
    "rivals", csvdir_equities(["daily"], prices), calendar_name="XNYS", start_session=first[0], end_session=first[-1]
)
if not os.path.exists(os.environ["ZIPLINE_ROOT"]):
    bundles.ingest("rivals")


def initialize(context):
    api.set_slippage(slippage.NoSlippage())
    api.set_commission(commission.PerDollar(fee))


def handle_data(context, data):
    day = data.current_session.tz_localize(None)
    if day not in weights.index:
        return
    equity = context.portfolio.portfolio_value
    for name, weight in weights.loc[day].fillna(0.0).items():
        asset = api.symbol(name)
        if manner == "native":
            api.order_target_percent(asset, weight)
            continue
        price = data.current(asset, "price")
        held = context.portfolio.positions[asset].amount
        value = equity * weight
        api.order(asset, int(np.floor(max(value - fee * abs(value - held * price), 0.0) / price)) - held)


result = zipline.run_algorithm(
    start=first[0],
    end=first[-1],
    initialize=initialize,
    handle_data=handle_data,
    capital_base=cash,
    bundle="rivals",
    benchmark_returns=pd.Series(0.0, first),
)
result.portfolio_value.rename_axis("date").set_axis(result.index.tz_convert(None).normalize()).to_csv(
    pathlib.Path(folder, "equity.csv")
)
print(zipline.__version__)
