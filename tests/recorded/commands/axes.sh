# Sweeps that reach corners of axes, samples and conditions. With one thread and few points a shard, shards are always the same.
backtest check own/costs.toml
sweep run own/costs.toml --results results --quiet -j 1 --shard-points 24
sweep aggregate results/costs-* --no-verdict
sweep status results/costs-*
backtest check own/terms.toml
sweep run own/terms.toml --results results --quiet -j 1 --shard-points 24
sweep aggregate results/terms-* --no-verdict
sweep status results/terms-*
backtest check own/period.toml
sweep run own/period.toml --results results --quiet -j 1 --shard-points 24
sweep aggregate results/period-* --no-verdict
sweep status results/period-*
backtest check own/conventions.toml
sweep run own/conventions.toml --results results --quiet -j 1 --shard-points 24
sweep aggregate results/conventions-* --no-verdict
sweep status results/conventions-*
sweep verify results --points 1000
