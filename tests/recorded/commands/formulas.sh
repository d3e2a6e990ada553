# Every operator in a sweep over formulas, long and short.
backtest check own/operators.toml
sweep run own/operators.toml --results results --quiet -j 1 --shard-points 24
sweep aggregate results/operators-* --no-verdict
sweep status results/operators-*
backtest check own/short.toml
sweep run own/short.toml --results results --quiet -j 1 --shard-points 24
sweep aggregate results/short-* --no-verdict
sweep status results/short-*

# The points one by one: the same figures with all else that one backtest tells.
backtest run --params own/operators.toml --point 7 --report point.html --output point.json
backtest run --params own/short.toml --point 12 --equity point-equity.csv --fills point-fills.csv
backtest run --params results/operators-*/plan.toml --point 70 --format json
backtest run --params own/operators.toml --point 112
