# Points that are drawn or listed, and points that fail.
backtest check own/random.toml
sweep run own/random.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/random-*
sweep status results/random-*
backtest check own/sobol.toml
sweep run own/sobol.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/sobol-*
sweep status results/sobol-*
backtest check own/latin_hypercube.toml
sweep run own/latin_hypercube.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/latin_hypercube-*
sweep status results/latin_hypercube-*
backtest check own/listed.toml
sweep run own/listed.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/listed-*
sweep status results/listed-*
backtest check own/one.toml
sweep run own/one.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/one-*
sweep status results/one-*
backtest check own/failing.toml
sweep run own/failing.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/failing-*
sweep status results/failing-*
backtest check own/ruin.toml
sweep run own/ruin.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results/ruin-* --strict --json
sweep run own/failing.toml --results stopped --quiet -j 1 --shard-points 1 --max-failures 0
sweep status stopped --json --exit-code
sweep aggregate stopped --no-verdict --strict
