# The shipped sweeps, tasks of them, and what goes to Slurm.
backtest check sweeps/momentum.toml
backtest check sweeps/momentum_costs.toml
backtest check sweeps/moving_average_crossover.toml
sweep run sweeps/momentum.toml --results results --quiet -j 1 --shard-points 16
sweep run sweeps/momentum_costs.toml --results results --quiet -j 1 --shard-points 16
sweep aggregate results
backtest run --params sweeps/moving_average_crossover.toml --task 3 --tasks 1000 --results tasks --quiet -j 1 --shard-points 20
sweep status tasks --exit-code
sweep status tasks --json
backtest run --params sweeps/moving_average_crossover.toml --task 750 --tasks 1000 --results tasks --quiet -j 1 --shard-points 20
sweep aggregate tasks --no-verdict
sweep generate sweeps/momentum.toml -o momentum.sh
sweep generate sweeps/momentum_costs.toml -o momentum_costs.sh
sweep generate sweeps/moving_average_crossover.toml -o moving_average_crossover.sh
sweep generate own/crossover.toml -o crossover.sh
sweep generate --missing tasks -o missing.sh
sweep generate results/momentum-*/plan.toml -o of-plan.sh
sweep generate --missing results/momentum-* -o -
sweep generate own/one.toml -o -
sweep submit own/crossover.toml
sweep submit --missing tasks

# A plan on standard input, a cache of prices in place of their folder.
sed -n '/^# The sealed plan/,/^END_OF_PLAN/p' crossover.sh | sed '$d' > plan.toml
backtest check plan.toml
backtest run --params - --task 1 --tasks 4 --results piped --quiet -j 1 --shard-points 8 < plan.toml
for edit in 's/^slow = { .*/slow = [20, 50]/' 's/^seal = .*/seal = "x"/' 's/^results_revision = .*/results_revision = 1/' 's/^points = .*/points = 5/' 's/^prices = "[0-9].*/prices = "x"/' 's/^blocks = .*/blocks = 10/' 's/^commission = .*/commission = 0.1/' 's/^version = .*//' 's/^metric = .*/metric = "cagr"/'; do sed "$edit" plan.toml > changed.toml; backtest run --params changed.toml --task 1 --tasks 4 --results changed --quiet; done
rm data/prices/.*.prices
sweep run own/one.toml --results results --quiet -j 1
for cache in data/prices/.*.prices; do cat "$cache" > kept.prices; done; backtest run strategies/sixty_forty.toml --params data.prices=kept.prices --output cached.json
backtest run strategies/momentum.toml --params data.prices=kept.prices
: > kept.prices; backtest run strategies/sixty_forty.toml --params data.prices=kept.prices
rm plan.toml changed.toml kept.prices
