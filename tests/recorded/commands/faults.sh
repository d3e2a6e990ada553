# Faults of strategy files, key by key: unknown names, wrong types, values out of range.
backtest run own/wide.toml --params 'nmae=a'
backtest run own/wide.toml --params 'name=5'
backtest run own/wide.toml --params 'name='
backtest run own/wide.toml --params 'description=true'
backtest run own/wide.toml --params 'conventions=fair'
backtest run own/wide.toml --params 'conventions=5'
backtest run own/wide.toml --params 'conventions.riun=fail'
backtest run own/wide.toml --params 'conventions.ruin=explode'
backtest run own/wide.toml --params 'conventions.ruin=1'
backtest run own/wide.toml --params 'conventions={preset="sond"}'
backtest run own/wide.toml --params 'parameters.n="5"'
backtest run own/wide.toml --params 'parameters.m=5'
backtest run own/wide.toml --params 'n=5.5'
backtest run own/wide.toml --params 'n=0'
backtest run own/wide.toml --params 'n=-3'
backtest run own/wide.toml --params 'n=2000000'
backtest run own/wide.toml --params 'n=[5]'
backtest run own/wide.toml --params 'm=5'
backtest run own/wide.toml --params 'x=nan'
backtest run own/wide.toml --params 'parameters=5'
backtest run own/wide.toml --params 'parameters.sma=5'
backtest run own/wide.toml --params 'parameters.2n=5'
backtest run own/wide.toml --params 'universe.asset=["IBM"]'
backtest run own/wide.toml --params 'universe.assets=IBM'
backtest run own/wide.toml --params 'universe.assets=[]'
backtest run own/wide.toml --params 'universe.assets=["IBM", "IBM"]'
backtest run own/wide.toml --params 'universe.assets=["IBM", 5]'
backtest run own/wide.toml --params 'universe.assets=[".IBM"]'
backtest run own/wide.toml --params 'universe.assets=["IMB"]'
backtest run own/wide.toml --params 'universe.entry.ORCL=2004-01-01'
backtest run own/wide.toml --params 'universe.entry.IBM=5'
backtest run own/wide.toml --params 'universe.entry=5'
backtest run own/wide.toml --params 'universe.benchmark=SPY'
backtest run own/wide.toml --params 'universe.benchmark=["IBM"]'
backtest run own/wide.toml --params 'universe=5'
backtest run own/wide.toml --params 'alpha.weight=close'
backtest run own/wide.toml --params 'alpha.weights=5'
backtest run own/wide.toml --params 'alpha.weights='
backtest run own/wide.toml --params 'rebalance.schedle=daily'
backtest run own/wide.toml --params 'rebalance.schedule=hourly'
backtest run own/wide.toml --params 'rebalance.schedule=5'
backtest run own/wide.toml --params 'rebalance.weekday=SUN'
backtest run own/wide.toml --params 'rebalance.weekday=5'
backtest run own/wide.toml --params 'rebalance={schedule="weekly"}'
backtest run own/wide.toml --params 'rebalance={schedule="daily", weekday="MON"}'
backtest run own/wide.toml --params 'portfolio.cash=5'
backtest run own/wide.toml --params 'portfolio.initial_cash=0'
backtest run own/wide.toml --params 'portfolio.initial_cash=-1'
backtest run own/wide.toml --params 'portfolio.initial_cash=inf'
backtest run own/wide.toml --params 'portfolio.initial_cash="1"'
backtest run own/wide.toml --params 'portfolio.long_only.buffer=0.1'
backtest run own/wide.toml --params 'portfolio.long_only.cash_buffer=1.5'
backtest run own/wide.toml --params 'portfolio.long_only.cash_buffer=-0.1'
backtest run own/wide.toml --params 'portfolio.long_only=0.1'
backtest run own/wide.toml --params 'portfolio.long_short.gross_leverage=1.0'
backtest run own/wide.toml --params 'portfolio={initial_cash=1.0}'
backtest run own/wide.toml --params 'portfolio={initial_cash=1.0, long_short={gross_leverage=0}}'
backtest run own/wide.toml --params 'portfolio={initial_cash=1.0, long_short={leverage=1}}'
backtest run own/wide.toml --params 'costs.comission=0.001'
backtest run own/wide.toml --params 'costs.commission=1'
backtest run own/wide.toml --params 'costs.commission=-0.1'
backtest run own/wide.toml --params 'costs.commission="a"'
backtest run own/wide.toml --params 'costs.tax=1.0'
backtest run own/wide.toml --params 'costs.tax=0.9996'
backtest run own/wide.toml --params 'costs.commission_per_share=-1'
backtest run own/wide.toml --params 'costs.commission_minimum=-1'
backtest run own/wide.toml --params 'costs.slippage=1'
backtest run own/wide.toml --params 'costs=5'
backtest run own/wide.toml --params 'period.begin=2003-01-01'
backtest run own/wide.toml --params 'period.start=5'
backtest run own/wide.toml --params 'period.start="2003-01-01"'
backtest run own/wide.toml --params 'period.start=2006-01-01'
backtest run own/wide.toml --params 'period.end=2003-01-01'
backtest run own/wide.toml --params 'period.end=2300-01-01'
backtest run own/wide.toml --params 'period.burn_in=2002-01-01'
backtest run own/wide.toml --params 'period.burn_in=2010-01-01'
backtest run own/wide.toml --params 'period.end=2003-01-01T25:00:00'
backtest run own/wide.toml --params 'period.start=2003-06-02T10:00:00+02:00'
backtest run own/wide.toml --params 'data.price="data/prices"'
backtest run own/wide.toml --params 'data.prices=5'
backtest run own/wide.toml --params 'data.prices=nowhere'
backtest run own/wide.toml --params 'data.prices=own'
backtest run own/wide.toml --params 'data.adjust=1'
backtest run own/wide.toml --params 'data.adjusted=true'
backtest run own/wide.toml --params 'data.prices=own/wide.toml'
backtest run own/wide.toml --params 'statistics.riskfree=0.1'
backtest run own/wide.toml --params 'statistics.risk_free=-1'
backtest run own/wide.toml --params 'statistics.risk_free="a"'
backtest run own/wide.toml --params 'statistics.periods_per_year=0'
backtest run own/wide.toml --params 'statistics.periods_per_year=true'
backtest run own/wide.toml --params 'statistics=1'
backtest run own/wide.toml --params 'a.b.c=1'
backtest run own/wide.toml --params '.=1'
backtest run own/wide.toml --params '=1'

# Faults of formulas.
backtest run own/wide.toml --params 'alpha.weights=top(momentun(n), k)'
backtest run own/wide.toml --params 'alpha.weights=top(momentum(n) k)'
backtest run own/wide.toml --params 'alpha.weights=top(momentum(n), k'
backtest run own/wide.toml --params 'alpha.weights=momentum(n))'
backtest run own/wide.toml --params 'alpha.weights=clsoe > 1'
backtest run own/wide.toml --params 'alpha.weights=close > '
backtest run own/wide.toml --params 'alpha.weights=close > 1 > 0'
backtest run own/wide.toml --params 'alpha.weights=sma()'
backtest run own/wide.toml --params 'alpha.weights=sma(close, n, 5)'
backtest run own/wide.toml --params 'alpha.weights=sma(0)'
backtest run own/wide.toml --params 'alpha.weights=sma(n / 3)'
backtest run own/wide.toml --params 'alpha.weights=sma(close, close)'
backtest run own/wide.toml --params 'alpha.weights=sma(1e9)'
backtest run own/wide.toml --params 'alpha.weights=stdev(1)'
backtest run own/wide.toml --params 'alpha.weights=zscore(close, 1)'
backtest run own/wide.toml --params 'alpha.weights=lag(close)'
backtest run own/wide.toml --params 'alpha.weights=atr()'
backtest run own/wide.toml --params 'alpha.weights=atr(close, 5)'
backtest run own/wide.toml --params 'alpha.weights=rsi(close, n, k)'
backtest run own/wide.toml --params 'alpha.weights=hold(close > 1)'
backtest run own/wide.toml --params 'alpha.weights=hold(close > 1, close < 2, 3, 4)'
backtest run own/wide.toml --params 'alpha.weights=top(close)'
backtest run own/wide.toml --params 'alpha.weights=bottom(close, 0)'
backtest run own/wide.toml --params 'alpha.weights=top(close, 1.5)'
backtest run own/wide.toml --params 'alpha.weights=equal()'
backtest run own/wide.toml --params 'alpha.weights=equal(close, open)'
backtest run own/wide.toml --params 'alpha.weights=share(close, 2)'
backtest run own/wide.toml --params 'alpha.weights=rank()'
backtest run own/wide.toml --params 'alpha.weights=demean()'
backtest run own/wide.toml --params 'alpha.weights=count(close)'
backtest run own/wide.toml --params 'alpha.weights=of(IBM, close)'
backtest run own/wide.toml --params 'alpha.weights=of("IMB", close)'
backtest run own/wide.toml --params 'alpha.weights=of("IBM")'
backtest run own/wide.toml --params 'alpha.weights=of(close, "IBM")'
backtest run own/wide.toml --params 'alpha.weights=fixed()'
backtest run own/wide.toml --params 'alpha.weights=fixed(IBM)'
backtest run own/wide.toml --params 'alpha.weights=fixed(IBM = close)'
backtest run own/wide.toml --params 'alpha.weights=fixed(IBM = 1, IBM = 2)'
backtest run own/wide.toml --params 'alpha.weights=fixed("I BM" = 1)'
backtest run own/wide.toml --params 'alpha.weights=abs()'
backtest run own/wide.toml --params 'alpha.weights=sign(1, 2)'
backtest run own/wide.toml --params 'alpha.weights=log()'
backtest run own/wide.toml --params 'alpha.weights=exp(1, 2)'
backtest run own/wide.toml --params 'alpha.weights=sqrt()'
backtest run own/wide.toml --params 'alpha.weights=min(1)'
backtest run own/wide.toml --params 'alpha.weights=max()'
backtest run own/wide.toml --params 'alpha.weights=if(close > 1, 2)'
backtest run own/wide.toml --params 'alpha.weights=clip(close, 1)'
backtest run own/wide.toml --params 'alpha.weights=n = 5'
backtest run own/wide.toml --params 'alpha.weights=1 + not close'
backtest run own/wide.toml --params 'alpha.weights="IBM"'
backtest run own/wide.toml --params 'alpha.weights=5 5'
backtest run own/wide.toml --params 'alpha.weights=1.'
backtest run own/wide.toml --params 'alpha.weights=0x5'
backtest run own/wide.toml --params 'alpha.weights=close ; open'
backtest run own/wide.toml --params 'alpha.weights=clip'
backtest run own/wide.toml --params 'alpha.weights=and'
backtest run own/wide.toml --params 'alpha.weights=momentum'
backtest run own/wide.toml --params 'alpha.weights=mn + 1'
backtest run own/wide.toml --params 'alpha.weights=-equal(close)'

# The same in a file, with their places.
sed 's/^name .*/name = 5/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^commission  .*/comission = 0.1/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/"top(/"topp(/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/momentum(n)/momentun(n)/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^schedule.*/schedule = "weakly"/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[costs\]/[cost]/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^start.*/start = 2003-02-30/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^n = 20/n = 20\nn = 21/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^adjust.*/adjust = "yes"/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^x = 0.5/close = 0.5/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^initial_cash.*//' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[universe\]/[universe/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed '/^\[period\]/,/^end/d' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^long_only .*/long_only = { cash_bufer = 0.02 }/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^entry .*/entry = { IMB = 2004-08-19 }/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^risk_free .*/riskfree = 0.01/' own/wide.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^conventions .*/conventions = { preset = "sound", ruin = "fial" }/' own/wide.toml > own/broken.toml; backtest check own/broken.toml

# Faults of sweep files.
sed 's/^fast = .*/fats = [5, 6]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = []/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = 5/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = [5.5]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = ["a"]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = { from = 9, to = 5, step = 1 }/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = { from = 5, to = 9 }/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = { from = 5, to = 9, stpe = 1 }/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = { from = 5, to = 9, step = 0 }/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = { from = 0, to = 9, count = 3, scale = "log" }/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/fast = { from = 1, to = 9, count = 3, scale = "lag" }/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/"costs.comission" = [0.1]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/"costs.commission" = [0.1, 1.5]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/commission = [0.1]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/costs = [0.1]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/"rebalance.schedule" = ["daily", "hourly"]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^fast = .*/"parameters.slow" = [5]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^keep.*/keep = "fats < slow"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^keep.*/keep = "fast > 1000"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^keep.*/keep = 5/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^keep.*/keep = "fast <"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^keep.*/kept = "fast < slow"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^name.*/name = "two words"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^strategy.*/strategy = "nowhere.toml"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^metric.*/metric = "sharp"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^metric.*/goal = "sharpe"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^require.*/require = ["drawdown < 1"]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^require.*/require = "fills > 1"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^require.*/require = ["fills >"]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^train.*/train = 0/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^train.*/trian = 756/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^train.*/train = 100000/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^test.*/test = "a"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^step.*/anchored = 1/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^tasks.*/tasks = 0/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^tasks.*/task = 4/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^tasks.*/tasks = "many"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^memory.*/memory = 5/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^setup.*/setup = "a"/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[axes\]/points = "nowhere.csv"\n[axes]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[rank\]/[sample]\nmethod = "sobul"\npoints = 4\n[rank]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[rank\]/[sample]\nmethod = "sobol"\npoints = 0\n[rank]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[rank\]/[sample]\nmethod = "sobol"\npoints = 4\nseed = -1\n[rank]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[rank\]/[sample]\nmethd = "sobol"\npoints = 4\n[rank]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml
sed 's/^\[rank\]/[plan]\nseal = "x"\n[rank]/' own/crossover.toml > own/broken.toml; backtest check own/broken.toml

# Faults of prices.
mkdir odd
sed '1s/Adj Close/Adj/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '1s/Close,//' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '1s/Date/Day/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '1d' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/^[^,]*/2000-02-01/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/^[^,]*/2000-03-04/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/^[^,]*/2000-03-99/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/,[^,]*,/,abc,/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/,[^,]*,/,,/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/,[^,]*,/,-5,/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/,[^,]*,/,0,/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/,[^,]*$//' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/$/,7/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5p' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '2,$d' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '1,$d' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '5s/^\([^,]*\),\([^,]*\),\([^,]*\),/\1,\2,1,/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '900s/,[^,]*,[^,]*,[^,]*$/,,,/' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
sed '900,1000d' data/prices/IBM.csv > odd/IBM.csv; backtest check odd; backtest run strategies/moving_average_crossover.toml --params data.prices=odd
rm own/broken.toml odd/IBM.csv
