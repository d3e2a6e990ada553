# What an aggregate says of luck, of plateaus and of walking forward, with a ledger of what was tried.
backtest check own/crossover.toml
sweep run own/crossover.toml --results results --quiet -j 1 --shard-points 8
sweep aggregate results/crossover-* --top 5
sweep status results/crossover-*
backtest check own/luck.toml
sweep run own/luck.toml --results results --quiet -j 1 --shard-points 8
sweep aggregate results/luck-*
sweep status results/luck-*
backtest check own/change.toml
sweep run own/change.toml --results results --quiet -j 1 --shard-points 8
sweep aggregate results/change-* --metric sharpe --top 3
sweep status results/change-*
sweep aggregate results --json
sweep aggregate results --metric cagr --no-verdict

# The same of a matrix of returns.
sweep overfit own/returns.csv
sweep overfit own/returns.csv --json
sweep overfit own/returns.csv --benchmark index --blocks 8 --resamples 500 --seed 9 --json
sweep overfit own/returns.csv --mean-block 3.5 --resamples 500 --periods-per-year 365
sweep overfit own/returns.csv --blocks 7
sweep overfit own/returns.csv --benchmark indx
sweep overfit own/noise.csv
sweep overfit own/noise.csv --json
sweep overfit own/listed.csv

# A walk forward that is decided by the last digits of turnover.
sweep run own/held_sweep.toml --results results --quiet -j 1 --shard-points 100
sweep aggregate results/held-*
