#!/bin/bash
#SBATCH --job-name=momentum_costs
#SBATCH --array=0-11%12
#SBATCH --cpus-per-task=1
#SBATCH --time=00:30:00
#SBATCH --mem=512M
#SBATCH --comment=momentum_costs-f79d4b6e
#SBATCH --requeue
#SBATCH --output=/dev/null
#
# Sweep momentum_costs: 55 points in 12 tasks.
# Sealed f79d4b6ec3510d3f3aa79a858b8c1ec8cbb4517459e1f820a9adfcf5d12c63a5
# by backtest 0.2.0, whose `sweep generate` wrote this file. The plan below is all that decides the results.
# Submit what is missing afterwards:
#   sweep generate --missing /sharedfs/results/momentum_costs-f79d4b6e -o - | sbatch
set -euo pipefail
: "${SLURM_ARRAY_TASK_ID:?this script is for sbatch}"

# Slurm ends a job without a trace if the folder of its output is missing, so the output is opened here.
folder=/sharedfs/results/momentum_costs-f79d4b6e
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID${SLURM_RESTART_COUNT:+.$SLURM_RESTART_COUNT}
log=$folder/logs/$task.out
{ mkdir -p "$folder/logs" && : >> "$log"; } 2> /dev/null || log=slurm-$task.out
exec >> "$log" 2>&1

exec backtest run --params - --task "$SLURM_ARRAY_TASK_ID" --tasks 12 --results /sharedfs/results << 'END_OF_PLAN'
# The sealed plan of a sweep: what `sweep run` and every task compute.
name = "momentum_costs"

[plan]
seal = "f79d4b6ec3510d3f3aa79a858b8c1ec8cbb4517459e1f820a9adfcf5d12c63a5"
results_revision = 3
version = "0.2.0"
prices = "a9a27bd4e7ffa02ebff1abf6b643f093cb3da606a85078c4e55acd13a64e3d17"
points = 55
returns = 3131
blocks = 16

[axes]
lookback = [42, 84, 126, 189, 252]
"costs.commission" = { from = 0.0, to = 0.1, step = 0.01 }

[rank]
metric = "cagr"
require = []

[slurm]
results = "/sharedfs/results"
time = "00:30:00"
memory = "512M"
parallel = 12
tasks = 12

[strategy]
name = "momentum"
description = "Each month hold the N assets with the highest holding-period return, equally weighted."
conventions = "qstrader"

[strategy.parameters]
lookback = 126
top_n = 3

[strategy.universe]
assets = ["AAPL", "GOOG", "IBM", "MSFT"]
benchmark = "IBM"

[strategy.universe.entry]
GOOG = 2004-08-19

[strategy.alpha]
weights = "top(momentum(lookback), top_n)"

[strategy.rebalance]
schedule = "end_of_month"

[strategy.portfolio]
initial_cash = 1000000.0

[strategy.portfolio.long_only]
cash_buffer = 0.01

[strategy.period]
start = 2000-03-01
burn_in = 2001-03-01
end = 2013-03-01

[strategy.data]
prices = "data/prices"
adjust = true
END_OF_PLAN
