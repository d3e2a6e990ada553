# Every shipped strategy with all that one backtest can tell, under both presets.
backtest check strategies/buy_and_hold.toml
backtest run strategies/buy_and_hold.toml --output buy_and_hold.json --equity buy_and_hold-equity.csv --fills buy_and_hold-fills.csv --report buy_and_hold.html
backtest run strategies/buy_and_hold.toml --params conventions=sound --format json --output buy_and_hold-sound.json --equity buy_and_hold-sound-equity.csv --fills buy_and_hold-sound-fills.csv --report buy_and_hold-sound.html
backtest check strategies/inverse_volatility.toml
backtest run strategies/inverse_volatility.toml --output inverse_volatility.json --equity inverse_volatility-equity.csv --fills inverse_volatility-fills.csv --report inverse_volatility.html
backtest run strategies/inverse_volatility.toml --params conventions=sound --format json --output inverse_volatility-sound.json --equity inverse_volatility-sound-equity.csv --fills inverse_volatility-sound-fills.csv --report inverse_volatility-sound.html
backtest check strategies/long_short.toml
backtest run strategies/long_short.toml --output long_short.json --equity long_short-equity.csv --fills long_short-fills.csv --report long_short.html
backtest run strategies/long_short.toml --params conventions=sound --format json --output long_short-sound.json --equity long_short-sound-equity.csv --fills long_short-sound-fills.csv --report long_short-sound.html
backtest check strategies/mean_reversion.toml
backtest run strategies/mean_reversion.toml --output mean_reversion.json --equity mean_reversion-equity.csv --fills mean_reversion-fills.csv --report mean_reversion.html
backtest run strategies/mean_reversion.toml --params conventions=sound --format json --output mean_reversion-sound.json --equity mean_reversion-sound-equity.csv --fills mean_reversion-sound-fills.csv --report mean_reversion-sound.html
backtest check strategies/momentum.toml
backtest run strategies/momentum.toml --output momentum.json --equity momentum-equity.csv --fills momentum-fills.csv --report momentum.html
backtest run strategies/momentum.toml --params conventions=sound --format json --output momentum-sound.json --equity momentum-sound-equity.csv --fills momentum-sound-fills.csv --report momentum-sound.html
backtest check strategies/moving_average_crossover.toml
backtest run strategies/moving_average_crossover.toml --output moving_average_crossover.json --equity moving_average_crossover-equity.csv --fills moving_average_crossover-fills.csv --report moving_average_crossover.html
backtest run strategies/moving_average_crossover.toml --params conventions=sound --format json --output moving_average_crossover-sound.json --equity moving_average_crossover-sound-equity.csv --fills moving_average_crossover-sound-fills.csv --report moving_average_crossover-sound.html
backtest check strategies/regime_momentum.toml
backtest run strategies/regime_momentum.toml --output regime_momentum.json --equity regime_momentum-equity.csv --fills regime_momentum-fills.csv --report regime_momentum.html
backtest run strategies/regime_momentum.toml --params conventions=sound --format json --output regime_momentum-sound.json --equity regime_momentum-sound-equity.csv --fills regime_momentum-sound-fills.csv --report regime_momentum-sound.html
backtest check strategies/sixty_forty.toml
backtest run strategies/sixty_forty.toml --output sixty_forty.json --equity sixty_forty-equity.csv --fills sixty_forty-fills.csv --report sixty_forty.html
backtest run strategies/sixty_forty.toml --params conventions=sound --format json --output sixty_forty-sound.json --equity sixty_forty-sound-equity.csv --fills sixty_forty-sound-fills.csv --report sixty_forty-sound.html
backtest check strategies/dual_momentum.toml
backtest run strategies/dual_momentum.toml --output dual_momentum.json --equity dual_momentum-equity.csv --fills dual_momentum-fills.csv --report dual_momentum.html
backtest run strategies/dual_momentum.toml --params conventions=qstrader --format json --output dual_momentum-qstrader.json --equity dual_momentum-qstrader-equity.csv --fills dual_momentum-qstrader-fills.csv --report dual_momentum-qstrader.html
backtest check strategies/index_momentum.toml
backtest run strategies/index_momentum.toml --output index_momentum.json --equity index_momentum-equity.csv --fills index_momentum-fills.csv --report index_momentum.html
backtest run strategies/index_momentum.toml --params conventions=qstrader --format json --output index_momentum-qstrader.json --equity index_momentum-qstrader-equity.csv --fills index_momentum-qstrader-fills.csv --report index_momentum-qstrader.html
backtest check strategies/sixty_forty_band.toml
backtest run strategies/sixty_forty_band.toml --output sixty_forty_band.json --equity sixty_forty_band-equity.csv --fills sixty_forty_band-fills.csv --report sixty_forty_band.html
backtest run strategies/sixty_forty_band.toml --params conventions=qstrader --format json --output sixty_forty_band-qstrader.json --equity sixty_forty_band-qstrader-equity.csv --fills sixty_forty_band-qstrader-fills.csv --report sixty_forty_band-qstrader.html

# Keys set from outside.
backtest run strategies/momentum.toml --params lookback=90 --params top_n=2 --params costs.commission=0.001 --report overridden.html
backtest run strategies/momentum.toml --params data.adjust=false --params period.end=2008-06-30 --params statistics.risk_free=0.02
backtest run strategies/momentum.toml --params 'rebalance={schedule="weekly", weekday="WED"}' --params conventions.last_day=date
backtest run strategies/momentum.toml --params 'universe.assets=["GOOG", "IBM"]' --params universe.entry.IBM=2003-02-03T14:30:00
backtest run strategies/sixty_forty.toml --params 'portfolio={initial_cash=1e6, long_short={gross_leverage=1.5}}' --params first=-0.3
backtest run strategies/buy_and_hold.toml --params period.start=2003-01-03T21:00:00 --params period.end=2005-12-30T00:00:00 --output at-the-close.json

# What there is to say beside the result.
backtest run strategies/momentum.toml --params lookback=5000
backtest run strategies/momentum.toml --params 'alpha.weights=equal(close > 1e9)' --report nothing.html
backtest run strategies/momentum.toml --params 'alpha.weights=top(momentum(20), 3)' --params universe.entry.GOOG=2001-01-01
backtest run strategies/momentum.toml --params period.end=2013-12-31 --quiet
backtest run strategies/buy_and_hold.toml --params period.burn_in=2001-03-01
backtest run strategies/long_short.toml --params conventions=sound --params portfolio.long_short.gross_leverage=12
backtest run strategies/long_short.toml --params portfolio.long_short.gross_leverage=12 --output ruined.json --report ruined.html
backtest run strategies/sixty_forty.toml --params first=1.5
