//! The `backtest` command; called as `sweep` it behaves as `backtest sweep`.

fn main() -> std::process::ExitCode {
    backtest::main(std::env::args_os())
}
