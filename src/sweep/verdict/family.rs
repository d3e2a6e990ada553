//! What was tried on the same assets in a folder of results, and what else was tried there.

use std::path::{Path, PathBuf};

use super::identity::Identity;
use super::ledger::{self, Entry, Found, entries};
use super::look;
use super::pass::{Beside, Passed, pass};
use crate::market::date::Date;
use crate::stats::skill::examination::Others;
use crate::stats::skill::scales::UsedScale;
use crate::sweep::definition::Sweep;
use crate::sweep::error::SweepError;
use crate::sweep::gathered::Gathered;
use crate::sweep::plan::Plan;
use crate::sweep::results::{Results, has_plan};
use crate::sweep::table::Table;
use crate::sweep::trials::Trials;

/// Memory for signals while trials are computed again.
pub(crate) const SIGNALS: usize = 256 << 20;

/// A sweep of the family, or of the rest of the folder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Relative {
    /// Its name.
    pub name: String,
    /// Its seal.
    pub seal: String,
    /// Its trials.
    pub trials: u64,
    /// Its first and its last session.
    pub span: [String; 2],
    /// How often results had been seen before it was begun, and once.
    pub look: u64,
}

/// A sweep of the family of which no more than the number of its trials is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Uncounted {
    /// Its name.
    pub name: String,
    /// How many trials it has.
    pub trials: u64,
    /// Why no more is known.
    pub why: String,
}

/// What was tried beside a sweep.
#[derive(Debug, Default)]
pub(crate) struct Family {
    /// Other sweeps on the same assets.
    pub relatives: Vec<Relative>,
    /// The best of them.
    pub others: Others,
    /// Sweeps on other assets or periods.
    pub strangers: Vec<Relative>,
    /// The best of everything else in the folder; `None` where there are no strangers.
    pub folder: Option<Others>,
    /// Sweeps that are not counted in full.
    pub uncounted: Vec<Uncounted>,
    /// The look of the sweep.
    pub look: u64,
    /// Files that cannot be read.
    pub faults: Vec<SweepError>,
}

impl Family {
    /// The trials of which nothing is known but their number.
    pub(crate) fn uncounted(&self) -> u64 {
        self.uncounted.iter().map(|sweep| sweep.trials).sum()
    }
}

/// What a sweep is compared with.
pub(crate) struct Own<'o> {
    /// The sweep with its prices.
    pub plan: &'o Plan,
    /// Its folder.
    pub results: &'o Results,
    /// Its assets and sessions.
    pub identity: &'o Identity,
    /// Its scales.
    pub scales: &'o [UsedScale],
}

/// The family of a sweep from the ledger of the folder above it. `missing` are sweeps that have no entry and could not be
/// entered.
pub(crate) fn family(above: &Path, own: &Own, missing: Vec<Uncounted>) -> Family {
    let none = || Others { maxima: vec![None; own.scales.len()], ..Others::default() };
    let mut family = Family { others: none(), uncounted: missing, ..Family::default() };
    let found = entries(above).unwrap_or_else(|fault| {
        family.faults.push(fault);
        Vec::new()
    });
    let rule = own.plan.rule().to_string();
    let (mut folder, mut whole) = (none(), Vec::new());
    for found in found {
        match found {
            Found::Whole(entry) if entry.is_of(own.plan) => {}
            Found::Whole(entry) => {
                let is_family =
                    entry.rule == rule || own.identity.is_family(&entry.assets, entry.span(), entry.sessions);
                join(&mut folder, &entry, own.scales);
                let list = if is_family {
                    join(&mut family.others, &entry, own.scales);
                    &mut family.relatives
                } else {
                    &mut family.strangers
                };
                list.push(Relative {
                    name: entry.name.clone(),
                    seal: entry.seal.clone(),
                    trials: entry.trials,
                    span: [entry.first.clone(), entry.last.clone()],
                    look: entry.look,
                });
                whole.push(*entry);
            }
            Found::Old { name, trials, path } => {
                let file = path.display();
                let why = format!("an earlier version wrote {file}; aggregate that sweep again");
                family.uncounted.push(Uncounted { name, trials, why });
            }
            Found::Damaged(fault) => family.faults.push(fault),
        }
    }
    family.folder = (!family.strangers.is_empty()).then_some(folder);
    family.look = look::written(own.results)
        .unwrap_or_else(|fault| {
            family.faults.push(fault);
            None
        })
        .unwrap_or_else(|| look::look_of(own.plan, Some(own.identity), &whole));
    family
}

/// Adds an entry to what was tried.
fn join(others: &mut Others, entry: &Entry, scales: &[UsedScale]) {
    others.trials += entry.trials;
    others.ratios = others.ratios.and(entry.ratios());
    for (joint, used) in others.maxima.iter_mut().zip(scales) {
        if let Some(maxima) = entry.maxima(used.scale.name) {
            joint.get_or_insert_with(|| maxima.clone()).join(&maxima);
        }
    }
}

/// Enters the sweeps beside one that have results and no entry: what it may claim depends on what they tried. Gives those of
/// its assets that cannot be entered, because their prices are not at hand, and the faults of entries that are written anew.
pub(crate) fn enter_neighbours(above: &Path, own: &Own, writer: &str) -> (Vec<Uncounted>, Vec<SweepError>) {
    let (mut uncounted, mut mended) = (Vec::new(), Vec::new());
    for folder in neighbours(above, &own.results.folder) {
        // What keeps a sweep from being read is told when it is aggregated itself.
        let Ok((results, plan)) = Results::open(&folder, 0) else { continue };
        match ledger::own(above, &plan) {
            Some(Found::Whole(entry)) if entry.is_of(&plan) => continue,
            Some(Found::Damaged(fault)) => mended.push(fault),
            _ => {}
        }
        let Ok(gathered) = Gathered::read(&folder) else { continue };
        let Ok(table) = gathered.table() else { continue };
        if table.points.is_empty() {
            continue;
        }
        match priced(&results) {
            // What keeps it from the ledger is told when it is aggregated itself.
            Ok(priced) => {
                if let Some(identity) = Identity::of(&priced) {
                    let _ = enter(above, &priced, &results, &identity, &table, writer);
                }
            }
            Err(error) if shares_ticker(own, &plan) => uncounted.push(Uncounted {
                name: plan.sweep.name.clone(),
                trials: Trials::new(&table).counts.canonical,
                why: format!("it was never aggregated, and its prices are not at hand: {error}"),
            }),
            Err(_) => {}
        }
    }
    (uncounted, mended)
}

/// The folders of sweeps beside one, by name.
fn neighbours(above: &Path, own: &Path) -> Vec<PathBuf> {
    let name = own.file_name();
    let listed = std::fs::read_dir(above).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<PathBuf> =
        listed.filter(|folder| folder.file_name() != name && has_plan(folder)).collect();
    folders.sort();
    folders
}

/// Whether a sweep without prices at hand may be on some of the same assets and days.
fn shares_ticker(own: &Own, plan: &Plan) -> bool {
    let strategy = &plan.sweep.strategy;
    let dates: [Date; 2] = [strategy.period.start.date, strategy.period.end.date];
    let overlaps = dates[0] <= own.identity.last() && own.identity.first() <= dates[1];
    overlaps && strategy.traded().any(|ticker| own.identity.assets.contains_key(ticker))
}

/// The sweep of a folder with its prices, which are held to its seal.
///
/// # Errors
/// The plan or its prices cannot be read, or are others.
pub(crate) fn priced(results: &Results) -> Result<Plan, SweepError> {
    Sweep::read(&results.plan_file()).map_err(SweepError::from).and_then(|sweep| Plan::new(sweep, SIGNALS))
}

/// The pass over the trials of a table.
pub(crate) fn pass_over(plan: &Plan, table: &Table, trials: &Trials) -> Passed {
    let points: Vec<u64> = trials.rows.iter().map(|row| table.points[*row as usize]).collect();
    pass(plan, &points, &Beside::default())
}

/// Enters a sweep into the ledger.
///
/// # Errors
/// The look cannot be read, or the entry cannot be written.
fn enter(
    above: &Path,
    plan: &Plan,
    results: &Results,
    identity: &Identity,
    table: &Table,
    writer: &str,
) -> Result<(), SweepError> {
    let passed = pass_over(plan, table, &Trials::new(table));
    let look = match look::written(results)? {
        Some(look) => look,
        None => {
            let whole = |found| match found {
                Found::Whole(entry) => Some(*entry),
                _ => None,
            };
            let known: Vec<Entry> = entries(above)?.into_iter().filter_map(whole).collect();
            look::look_of(plan, Some(identity), &known)
        }
    };
    let entry = Entry::new(plan, identity, &passed, table.points.len() as u64, look);
    ledger::enter(above, plan, &entry, writer)
}
