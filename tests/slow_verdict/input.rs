//! Sweeps as the vectors write them: days, assets, weights and returns. Nothing is computed here.

use serde_json::Value;

/// Trials over the sessions of one period.
#[derive(Clone)]
pub struct Trials {
    /// Days since 1970-01-01, one a session.
    pub days: Vec<i64>,
    /// By asset and session; `None` where the asset is absent.
    pub assets: Vec<Vec<Option<f64>>>,
    /// By trial, asset and session: the weight that was held going into the session.
    pub weights: Vec<Vec<Vec<f64>>>,
    /// By trial and session.
    pub returns: Vec<Vec<f64>>,
    /// Return of cash, a session.
    pub cash: Option<Vec<f64>>,
    /// Cost of a short, a session.
    pub borrow: Option<Vec<f64>>,
    /// Cost of a loan, a session.
    pub debit: Option<Vec<f64>>,
}

/// A sweep with the others of its folder.
#[derive(Clone)]
pub struct Sweep {
    pub trials: Trials,
    /// Earlier sweeps of the same family.
    pub family: Vec<Trials>,
    /// Sweeps of the folder that belong to other families.
    pub folder: Vec<Trials>,
    /// Sessions a year.
    pub periods: f64,
    /// The trial that the ranking put first, where it is not the one of the best Sharpe ratio.
    pub selected: Option<usize>,
    pub look: u64,
    /// Trials of the family without maxima.
    pub uncounted: u64,
    /// What an opened hold-out said.
    pub holdout: Option<String>,
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(|one| one.as_f64().expect("a number")).collect()
}

pub fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

pub fn whole(value: &Value) -> u64 {
    value.as_u64().expect("a whole number")
}

pub fn days(value: &Value) -> Vec<i64> {
    list(value).iter().map(|day| day.as_i64().expect("a day")).collect()
}

impl Trials {
    /// `inherited` gives days, assets and rates to a sweep of the family that brings none of its own.
    fn read(value: &Value, inherited: Option<&Trials>) -> Trials {
        let rate = |name: &str| value.get(name).filter(|rate| !rate.is_null()).map(numbers);
        let asset = |asset: &Value| list(asset).iter().map(Value::as_f64).collect();
        let mut trials = Trials {
            days: Vec::new(),
            assets: Vec::new(),
            weights: list(&value["weights"])
                .iter()
                .map(|trial| list(trial).iter().map(numbers).collect())
                .collect(),
            returns: list(&value["returns"]).iter().map(numbers).collect(),
            cash: rate("cash"),
            borrow: rate("borrow"),
            debit: rate("debit"),
        };
        if value.get("days").is_some() {
            trials.days = days(&value["days"]);
            trials.assets = list(&value["assets"]).iter().map(asset).collect();
        } else {
            let inherited = inherited.expect("a sweep has days");
            trials.days = inherited.days.clone();
            trials.assets = inherited.assets.clone();
            trials.cash = inherited.cash.clone();
            trials.borrow = inherited.borrow.clone();
            trials.debit = inherited.debit.clone();
        }
        trials
    }
}

impl Sweep {
    pub fn read(value: &Value) -> Sweep {
        let trials = Trials::read(value, None);
        let others = |name: &str| -> Vec<Trials> {
            list(&value[name]).iter().map(|other| Trials::read(other, Some(&trials))).collect()
        };
        let arguments = &value["arguments"];
        Sweep {
            family: others("family"),
            folder: others("folder"),
            periods: value["periods"].as_f64().expect("sessions a year"),
            selected: arguments["selected"].as_u64().map(|column| column as usize),
            look: arguments["look"].as_u64().unwrap_or(1),
            uncounted: arguments["uncounted"].as_u64().unwrap_or(0),
            holdout: arguments["holdout"].as_str().map(str::to_owned),
            trials,
        }
    }
}
