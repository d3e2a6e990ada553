# What the program says of itself.
backtest --help
backtest -h
backtest run --help
backtest run -h
backtest check --help
backtest check -h
backtest formula --help
backtest formula -h
backtest new --help
backtest new -h
backtest sweep --help
backtest sweep -h
backtest cluster --help
backtest cluster -h
backtest completions --help
backtest completions -h
backtest man --help
backtest man -h
backtest sweep run --help
backtest sweep run -h
backtest sweep generate --help
backtest sweep generate -h
backtest sweep submit --help
backtest sweep submit -h
backtest sweep status --help
backtest sweep status -h
backtest sweep aggregate --help
backtest sweep aggregate -h
backtest sweep placebo --help
backtest sweep placebo -h
backtest sweep verify --help
backtest sweep verify -h
backtest sweep overfit --help
backtest sweep overfit -h
backtest cluster render --help
backtest cluster render -h
backtest cluster setup --help
backtest cluster setup -h
backtest cluster check --help
backtest cluster check -h
backtest cluster install --help
backtest cluster install -h
backtest --version
backtest sweep run --version
sweep --help
sweep run --help
backtest
sweep
backtest man man
backtest completions bash > completions-bash
backtest completions bash --of sweep > completions-sweep-bash
backtest completions zsh > completions-zsh
backtest completions zsh --of sweep > completions-sweep-zsh
backtest completions fish > completions-fish
backtest completions fish --of sweep > completions-sweep-fish
backtest completions elvish > completions-elvish
backtest completions elvish --of sweep > completions-sweep-elvish
backtest completions powershell > completions-powershell
backtest completions powershell --of sweep > completions-sweep-powershell

# What it starts a strategy with.
backtest new breakout
backtest new breakout
backtest check strategies/breakout.toml
backtest check sweeps/breakout.toml
backtest run strategies/breakout.toml
backtest new 'two words'

# Usage errors.
backtest rnu
backtest run
backtest run --nonsense
backtest run strategies/momentum.toml --params lookback
backtest run strategies/momentum.toml --output a.json --equity a.json
backtest run strategies/momentum.toml --fills strategies/momentum.toml
backtest run strategies/momentum.toml --format yaml
backtest run --params sweeps/momentum.toml
backtest run --params sweeps/momentum.toml --point 48
backtest run --params sweeps/moving_average_crossover.toml --point 0
backtest run --params sweeps/momentum.toml --task 12 --tasks 12
backtest run --params sweeps/momentum.toml --task 0 --tasks 12 --format json
sweep run sweeps/momentum.toml --memory lots
sweep run sweeps/momentum.toml -j 0
sweep aggregate nowhere
sweep aggregate data
sweep aggregate nowhere --metric sharp
sweep status nowhere
sweep verify nowhere
sweep overfit nowhere.csv
sweep generate nowhere.toml
backtest run nowhere.toml
backtest check nowhere
backtest check data/prices
backtest check data/prices/IBM.csv
backtest cluster check nowhere.toml
backtest completions csh
