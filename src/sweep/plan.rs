//! A sealed sweep: everything that decides its results, in one text that needs no other file but the prices.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::axis::{Axis, Values};
use super::definition::Sweep;
use super::error::SweepError;
use super::holdout::Holdout;
use super::kept::Kept;
use super::keys::{self, SWEEP};
use super::row;
use super::space::Design;
use super::value::AxisValue;
use super::variant::{Scene, Variants};
use super::walk_forward;
use crate::config::error::ConfigError;
use crate::config::fields::Table;
use crate::config::schema::{Decides, Key};
use crate::stats::blocks::block_count;
use crate::strategy::keys::{STRATEGY, paths, takes_path};
use crate::strategy::seal::{self, RESULTS_REVISION, canonical};
use crate::text::toml_text;

/// Different sets of prices that one sweep may read.
const PRICE_SETS_MOST: usize = 10_000;
/// Returns that a sealed plan may state: more than there are dates.
const RETURNS_MOST: i64 = 10_000_000;
/// Blocks that a sealed plan may state.
const BLOCKS_MOST: i64 = 1000;
/// Digits of a point's number in a file name, at least.
const NAME_DIGITS: usize = 9;

/// A sweep with its seal.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The sweep.
    pub sweep: Arc<Sweep>,
    /// The points that exist.
    pub kept: Kept,
    /// What is prepared for its points.
    pub variants: Variants,
    /// Hash of the prices used.
    pub fingerprint: blake3::Hash,
    /// Hash of everything that decides the results.
    pub seal: blake3::Hash,
    /// Number of returns that the first point has.
    pub returns: usize,
    /// Number of blocks of returns that every row keeps sums of: as many as the first point has.
    pub blocks: usize,
}

impl Plan {
    /// Reads the prices of a sweep, counts its points and seals it. Signals take at most `budget_bytes`.
    ///
    /// # Errors
    /// Prices that are missing or wrong; a sweep without a point; a sealed plan that does not fit.
    pub(crate) fn new(sweep: Sweep, budget_bytes: usize) -> Result<Plan, SweepError> {
        let sweep = Arc::new(sweep);
        let variants = Variants::new(Arc::clone(&sweep), budget_bytes);
        let fingerprint = fingerprint(&sweep, &variants)?;
        let seal = seal(&sweep, &variants, &fingerprint);
        let kept = Kept::new(Arc::clone(&sweep.space), sweep.count);
        let root = sweep.document.table();
        if kept.count() == 0
            && let Some(keep) = root.find(&keys::KEEP)
        {
            return Err(keep.error("'keep' holds for no point").into());
        }
        let first = variants.get(&sweep.space.values(0)).map_err(SweepError::Prices)?;
        let returns = first.scene.stage.points() - 1;
        let blocks = block_count(returns);
        if let Some(field) = root.find(&keys::PLAN) {
            let counts = [kept.count(), returns as u64, blocks as u64];
            check(&field.table()?.checked(&SWEEP)?, &fingerprint, &seal, counts)?;
        }
        Ok(Plan { sweep, kept, variants, fingerprint, seal, returns, blocks })
    }

    /// Takes the seal of a sealed plan as it stands, without looking at prices.
    ///
    /// # Errors
    /// It is no sealed plan.
    pub(crate) fn as_sealed(sweep: Sweep, budget_bytes: usize) -> Result<Plan, SweepError> {
        let sweep = Arc::new(sweep);
        let table = sweep.document.table().require_table(keys::PLAN.name)?;
        let hash = |key: &Key| -> Result<blake3::Hash, ConfigError> {
            let field = table.need(key)?;
            let text = field.text()?;
            blake3::Hash::from_hex(text)
                .map_err(|_| field.error(format!("'{}': expected a hash of 64 digits", key.path)))
        };
        let (fingerprint, seal) = (hash(&keys::FINGERPRINT)?, hash(&keys::SEAL)?);
        let count = |key: &Key, most: i64, expected: &str| -> Result<usize, ConfigError> {
            Ok(table.need(key)?.whole_where(|count| (0..=most).contains(&count), expected)? as usize)
        };
        let returns = count(&keys::RETURN_COUNT, RETURNS_MOST, "a number of returns")?;
        let blocks = count(&keys::BLOCK_COUNT, BLOCKS_MOST, "a number of blocks")?;
        let variants = Variants::new(Arc::clone(&sweep), budget_bytes);
        let kept = Kept::new(Arc::clone(&sweep.space), sweep.count);
        Ok(Plan { sweep, kept, variants, fingerprint, seal, returns, blocks })
    }

    /// Whether the prices are those that it was sealed with.
    ///
    /// # Errors
    /// It was changed after it was sealed; prices are missing or wrong, or are others and axes of folders keep it from being
    /// known whether it was changed.
    pub(crate) fn has_its_prices(&self) -> Result<bool, SweepError> {
        let is_same = fingerprint(&self.sweep, &self.variants)? == self.fingerprint;
        if !is_same && self.sweep.space.axes.iter().any(|axis| takes_path(&axis.name)) {
            return Err(other_prices());
        }
        match seal(&self.sweep, &self.variants, &self.fingerprint) == self.seal {
            true => Ok(is_same),
            false => Err(changed()),
        }
    }

    /// Name of the folder of results: the sweep's name and the first eight digits of the seal.
    pub(crate) fn folder_name(&self) -> String {
        format!("{}-{}", self.sweep.name, &self.seal.to_hex()[..8])
    }

    /// Hash of what stays of the seal when the sweep is run on other days: all but the prices, the end of the period and the
    /// hold-out.
    pub(crate) fn rule(&self) -> blake3::Hash {
        let count = |_: usize, axis: &Axis| axis.values.count().unwrap_or(0).to_string();
        let text = seal::rule(&self.sweep.strategy) + &points_text(&self.sweep, count);
        blake3::hash(text.as_bytes())
    }

    /// What the first point shares with others; `None` if its prices are missing or wrong.
    pub(crate) fn first_scene(&self) -> Option<Arc<Scene>> {
        let first = self.variants.get(&self.sweep.space.values(0)).ok()?;
        Some(Arc::clone(&first.scene))
    }

    /// Digits of a point's number in a file name.
    pub(crate) fn digits(&self) -> usize {
        (self.sweep.count - 1).to_string().len().max(NAME_DIGITS)
    }

    /// The first line of every table of results.
    pub(crate) fn header(&self) -> String {
        row::header(self.sweep.space.axes.iter().map(|axis| axis.name.as_str()))
    }

    /// The plan as text, which [`Sweep::parse`] reads. Files and folders of prices and other numbers are given from the working
    /// directory if they lie below it, else from the root.
    ///
    /// # Errors
    /// A file or folder of prices or other numbers has no path that text can hold.
    pub(crate) fn text(&self) -> Result<String, SweepError> {
        let Sweep { name, space, document, .. } = &*self.sweep;
        let mut text = format!(
            "# The sealed plan of a sweep: what `sweep run` and every task compute.\nname = \"{name}\"\n"
        );
        if let Some(keep) = &space.keep {
            text.push_str(&format!("keep = {}\n", toml_text::string(keep.canonical())));
        }
        text.push_str(&format!(
            "\n[plan]\nseal = \"{}\"\nresults_revision = {RESULTS_REVISION}\nversion = \"{}\"\nprices = \"{}\"\npoints = {}\nreturns = {}\nblocks = {}\n",
            self.seal,
            env!("CARGO_PKG_VERSION"),
            self.fingerprint,
            self.kept.count(),
            self.returns,
            self.blocks
        ));
        text.push_str(if space.design == Design::List { "\n[points]\n" } else { "\n[axes]\n" });
        for axis in &space.axes {
            let values = if takes_path(&axis.name) { shown_paths(axis)? } else { axis.values.to_toml() };
            text.push_str(&format!("{} = {values}\n", toml_text::key(&axis.name)));
        }
        if let Design::Sample(sample) = &space.design {
            let (method, points, seed) = (sample.method.name(), sample.points, sample.seed);
            text.push_str(&format!("\n[sample]\nmethod = \"{method}\"\npoints = {points}\nseed = {seed}\n"));
        }
        text.push_str(&self.sweep.rank.to_toml());
        if let Some(windows) = &self.sweep.walk_forward {
            text.push_str(&walk_forward::to_toml(windows));
        }
        if let Some(holdout) = self.sweep.holdout {
            text.push_str(&holdout.to_toml());
        }
        if document.table().find(&keys::SLURM).is_some() {
            text.push_str(&document.inner(keys::SLURM.name)?.to_toml(keys::SLURM.name));
        }
        let mut strategy = self.sweep.strategy_document.clone();
        let is_axis = |key: &str| space.axes.iter().any(|axis| axis.name == key);
        for (key, path) in paths(&self.sweep.strategy).into_iter().filter(|(key, _)| !is_axis(key)) {
            let path = toml_text::string(&shown_from_here(path)?);
            strategy.set_by(&STRATEGY, "the plan".to_owned(), &format!("{key}={path}"))?;
        }
        text.push_str(&strategy.to_toml("strategy"));
        Ok(text)
    }
}

/// The files or folders that an axis names, as a list of TOML.
fn shown_paths(axis: &Axis) -> Result<String, SweepError> {
    let count = axis.values.count().unwrap_or(0);
    let shown: Vec<String> = (0..count)
        .map(|index| {
            let path = PathBuf::from(axis.values.at(index).plain());
            shown_from_here(&path).map(|shown| toml_text::string(&shown))
        })
        .collect::<Result<_, _>>()?;
    Ok(format!("[{}]", shown.join(", ")))
}

/// A file or folder as seen from the working directory, if it lies below it, else from the root.
fn shown_from_here(path: &Path) -> Result<String, SweepError> {
    let real = |path: &Path| {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        fs::canonicalize(path).map_err(|error| SweepError::Io { path: path.to_owned(), error })
    };
    let (path, here) = (real(path)?, real(Path::new("."))?);
    let shown = path.strip_prefix(&here).unwrap_or(&path);
    let shown = if shown.as_os_str().is_empty() { Path::new(".") } else { shown };
    match shown.to_str() {
        Some(shown) => Ok(shown.to_owned()),
        None => Err(SweepError::Sealed(format!(
            "{}: the path of the prices or other numbers is not UTF-8",
            shown.display()
        ))),
    }
}

/// The fingerprints of all prices that some point reads, as one.
fn fingerprint(sweep: &Sweep, variants: &Variants) -> Result<blake3::Hash, SweepError> {
    let space = &sweep.space;
    let first = space.values(0);
    let of = |values: &[AxisValue]| match variants.get(values) {
        Ok(variant) => Ok(variant.scene.fingerprint),
        Err(error) => Err(error),
    };
    let fail = SweepError::Prices;
    let decides = |axis: &usize| space.axes[*axis].decides == Decides::Prices;
    let deciding: Vec<usize> = (0..space.axes.len()).filter(decides).collect();
    if deciding.is_empty() {
        return of(&first).map_err(fail);
    }
    let count = |axis: &usize| space.axes[*axis].values.count().unwrap_or(1);
    let sets = match space.design {
        Design::List => sweep.count,
        _ => deciding.iter().fold(1, |product: u64, axis| product.saturating_mul(count(axis))),
    };
    let mut seen = BTreeSet::new();
    let mut prints = BTreeSet::new();
    for set in 0..sets {
        let mut values = first.clone();
        let mut rest = set;
        for &axis in deciding.iter().rev() {
            let index = match space.design {
                Design::List => set,
                _ => {
                    let index = rest % count(&axis);
                    rest /= count(&axis);
                    index
                }
            };
            values[axis] = space.axes[axis].values.at(index);
        }
        if seen.insert(deciding.iter().map(|&axis| values[axis].toml()).collect::<Vec<_>>()) {
            if seen.len() > PRICE_SETS_MOST {
                return Err(SweepError::Sealed(format!(
                    "the axes read more than {PRICE_SETS_MOST} sets of prices"
                )));
            }
            // Keys that do not go together are failed points; prices that are missing or wrong end the sweep.
            match of(&values) {
                Ok(print) => _ = prints.insert(*print.as_bytes()),
                Err(error) if error.is_of_keys() && set > 0 => {}
                Err(error) => return Err(fail(error)),
            }
        }
    }
    let mut hasher = blake3::Hasher::new();
    prints.iter().for_each(|print| {
        hasher.update(print);
    });
    Ok(hasher.finalize())
}

fn seal(sweep: &Sweep, variants: &Variants, fingerprint: &blake3::Hash) -> blake3::Hash {
    let mut text = canonical(&sweep.strategy, fingerprint);
    text += &points_text(sweep, |index, axis| {
        // Files and folders are known by what is in them: their paths differ from machine to machine.
        let content = |value: u64| {
            let mut values = sweep.space.values(0);
            values[index] = axis.values.at(value);
            variants.get(&values).map_or(String::new(), |variant| variant.scene.fingerprint.to_string())
        };
        (0..axis.values.count().unwrap_or(0)).map(content).collect::<Vec<_>>().join(", ")
    });
    if let Some(Holdout { from, end }) = sweep.holdout {
        text.push_str(&format!("holdout {from} to {end}\n"));
    }
    blake3::hash(text.as_bytes())
}

/// The points of a sweep as lines of text. `content` stands for the values of an axis of files or folders, given with its
/// index.
fn points_text(sweep: &Sweep, content: impl Fn(usize, &Axis) -> String) -> String {
    let mut text = String::new();
    for (index, axis) in sweep.space.axes.iter().enumerate() {
        let values = if takes_path(&axis.name) { content(index, axis) } else { axis.values.canonical() };
        text.push_str(&format!("axis.{} = {values}\n", axis.name));
    }
    text.push_str(&match &sweep.space.design {
        Design::Grid => "grid\n".to_owned(),
        Design::List => "list\n".to_owned(),
        Design::Sample(sample) => {
            format!("sample {} {} {}\n", sample.method.name(), sample.points, sample.seed)
        }
    });
    if let Some(keep) = &sweep.space.keep {
        text.push_str(&format!("keep {}\n", keep.canonical()));
    }
    text
}

/// Whether a sealed plan is what it says.
fn check(
    plan: &Table,
    fingerprint: &blake3::Hash,
    seal: &blake3::Hash,
    [points, returns, blocks]: [u64; 3],
) -> Result<(), SweepError> {
    let text = |key| -> Result<&str, ConfigError> { plan.need(key)?.text() };
    let revision = plan.need(&keys::REVISION)?.whole_where(|_| true, "a whole number")?;
    let version = text(&keys::VERSION)?;
    if revision != i64::from(RESULTS_REVISION) {
        return Err(SweepError::Sealed(format!(
            "the plan was sealed by version {version} with results revision {revision}; this program has revision \
             {RESULTS_REVISION} and its results would differ"
        )));
    }
    if text(&keys::FINGERPRINT)? != fingerprint.to_string() {
        return Err(other_prices());
    }
    let is_count = |key, count| -> Result<bool, ConfigError> {
        let stated = plan.need(key)?.whole_where(|_| true, "a whole number")?;
        Ok(u64::try_from(stated) == Ok(count))
    };
    if text(&keys::SEAL)? == seal.to_string()
        && is_count(&keys::POINT_COUNT, points)?
        && is_count(&keys::RETURN_COUNT, returns)?
        && is_count(&keys::BLOCK_COUNT, blocks)?
    {
        Ok(())
    } else {
        Err(changed())
    }
}

fn other_prices() -> SweepError {
    let text = "the prices differ from those the plan was sealed with: restore them, or make a new plan";
    SweepError::Sealed(text.to_owned())
}

fn changed() -> SweepError {
    let text = "the plan was changed after it was sealed: make a new one from the sweep file";
    SweepError::Sealed(text.to_owned())
}

impl Values {
    /// The values as a sweep file writes them.
    fn to_toml(&self) -> String {
        match self {
            Values::List(_) => format!("[{}]", self.canonical()),
            Values::Steps { step, scale, count, whole, .. } => {
                let step = step / scale;
                let step = if *whole { format!("{step}") } else { toml_text::float(step) };
                let [from, to] = [0, count - 1].map(|index| self.at(index).toml());
                format!("{{ from = {from}, to = {to}, step = {step} }}")
            }
            Values::Span { from, to, logarithmic, whole } => {
                let [from, to] =
                    [from, to].map(|end| if *whole { format!("{end}") } else { toml_text::float(*end) });
                let scale = if *logarithmic { "log" } else { "linear" };
                format!("{{ from = {from}, to = {to}, scale = \"{scale}\" }}")
            }
        }
    }
}
