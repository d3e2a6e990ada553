//! The `backtest` command; called as `sweep` it behaves as `backtest sweep`.

fn main() -> std::process::ExitCode {
    backtest::cli::main(std::env::args_os())
}
