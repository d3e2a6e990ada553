#!/bin/bash
#SBATCH --job-name=moving_average_crossover
#SBATCH --array=0-11%12
#SBATCH --cpus-per-task=1
#SBATCH --time=00:30:00
#SBATCH --mem=512M
#SBATCH --comment=moving_average_crossover-0a910b2b
#SBATCH --requeue
#SBATCH --output=/dev/null
#
# Sweep moving_average_crossover: 19701 points in 12 tasks.
# Sealed 0a910b2b52937ee81246f7c5f98fa734a40f44f0c545888994f312a310beb9ba
# by backtest 0.2.0, whose `sweep generate` wrote this file. The plan below is all that decides the results.
# Submit what is missing afterwards:
#   sweep generate --missing /sharedfs/results/moving_average_crossover-0a910b2b -o - | sbatch
set -euo pipefail
: "${SLURM_ARRAY_TASK_ID:?this script is for sbatch}"

# Slurm ends a job without a trace if the folder of its output is missing, so the output is opened here.
folder=/sharedfs/results/moving_average_crossover-0a910b2b
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID${SLURM_RESTART_COUNT:+.$SLURM_RESTART_COUNT}
log=$folder/logs/$task.out
{ mkdir -p "$folder/logs" && : >> "$log"; } 2> /dev/null || log=slurm-$task.out
exec >> "$log" 2>&1

exec backtest run --params - --task "$SLURM_ARRAY_TASK_ID" --tasks 12 --results /sharedfs/results << 'END_OF_PLAN'
# The sealed plan of a sweep: what `sweep run` and every task compute.
name = "moving_average_crossover"
keep = "fast < slow"

[plan]
seal = "0a910b2b52937ee81246f7c5f98fa734a40f44f0c545888994f312a310beb9ba"
results_revision = 3
version = "0.2.0"
prices = "0410a0bc88d3f4a56f536e67f12ff2b1779666e691f25459845f20e13ba38947"
points = 19701
returns = 3392
blocks = 16

[axes]
fast = { from = 2, to = 200, step = 1 }
slow = { from = 2, to = 200, step = 1 }

[rank]
metric = "sharpe"
require = []

[slurm]
results = "/sharedfs/results"
time = "00:30:00"
memory = "512M"
parallel = 12
tasks = 12

[strategy]
name = "moving_average_crossover"
description = "Hold the assets whose fast moving average is above the slow one, equally weighted."
conventions = "qstrader"

[strategy.parameters]
fast = 50
slow = 200

[strategy.universe]
assets = ["IBM"]
benchmark = "IBM"

[strategy.alpha]
weights = "equal(sma(fast) > sma(slow))"

[strategy.rebalance]
schedule = "on_change"

[strategy.portfolio]
initial_cash = 1000000.0

[strategy.portfolio.long_only]
cash_buffer = 0.01

[strategy.costs]
commission = 0.001

[strategy.period]
start = 2000-03-01
end = 2013-03-01

[strategy.data]
prices = "data/prices"
END_OF_PLAN
