//! The sweep file (its format is documented in `docs/sweep-file.md`), and a plan, which is a sweep file with its strategy
//! inside. Reads the strategy it names and a list of points, no prices.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::axis::{Axis, Target, Values};
use super::holdout::{Holdout, ended};
use super::keys::{self, SWEEP};
use super::rank::Rank;
use super::sample::{METHOD_NAMES, METHODS, Sample, SampleMethod};
use super::sobol::MAX_DIMENSIONS;
use super::space::{Design, POINTS_LIMIT, Space};
use super::value::AxisValue;
use super::walk_forward::windows;
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::config::schema::{Decides, Key, Kind};
use crate::config::tree::Number;
use crate::formula::condition::Condition;
use crate::market::date::Date;
use crate::stats::overfitting::walk_forward::Windows;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::groups;
use crate::strategy::keys::{COLUMN, COLUMNS, PARAMETER, STRATEGY, takes_path};
use crate::strategy::universe_files;
use crate::text::quoted;

const NAME_LENGTH: usize = 80;

/// A checked sweep.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// Its name, fit for a folder and a job.
    pub(crate) name: String,
    /// The sweep file.
    pub(crate) document: Document,
    /// The strategy file.
    pub(crate) strategy_document: Document,
    /// The strategy file as the points see it: with a hold-out its period ends before that.
    seen_document: Document,
    /// Where the strategy's relative paths begin.
    pub(crate) strategy_folder: PathBuf,
    /// The strategy at the first point.
    pub(crate) strategy: Strategy,
    /// The points.
    pub(crate) space: Arc<Space>,
    /// Number of points before `keep`.
    pub(crate) count: u64,
    /// How results are ranked.
    pub(crate) rank: Rank,
    /// In which windows points are chosen and judged, if at all.
    pub(crate) walk_forward: Option<Windows>,
    /// The sessions that its points do not see, if it holds some out.
    pub(crate) holdout: Option<Holdout>,
}

impl Sweep {
    /// Its name, which begins the name of its folder of results.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of its points before `keep` drops some of them.
    pub fn points_before_keep(&self) -> u64 {
        self.count
    }

    /// Reads a sweep file or a plan.
    ///
    /// # Errors
    /// A file that cannot be read, or the first fault in one.
    pub fn read(path: &Path) -> Result<Sweep, BacktestError> {
        let name = path.display().to_string();
        let text = read_text(&name, path)?;
        Sweep::parse(&name, &text, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads the text of a sweep file or a plan; `folder` is where the relative paths of a sweep file begin. Those of a plan
    /// begin in the working directory.
    ///
    /// # Errors
    /// As [`Sweep::read`].
    pub fn parse(path: &str, text: &str, folder: &Path) -> Result<Sweep, BacktestError> {
        let document = Document::new(path, text)?;
        let root = document.table().checked(&SWEEP)?;
        let name = name(&root.need(&keys::NAME)?)?;
        let strategy = root.need(&keys::STRATEGY)?;
        let folder = if root.find(&keys::PLAN).is_some() { Path::new("") } else { folder };
        let (mut strategy_document, strategy_folder) = if strategy.is_table() {
            (document.inner(keys::STRATEGY.name)?, folder.to_owned())
        } else {
            let file = folder.join(strategy.text()?);
            let shown = file.display().to_string();
            let text = read_text(&shown, &file)?;
            (Document::new(&shown, &text)?, file.parent().unwrap_or(Path::new("")).to_owned())
        };
        universe_files::read_in(&mut strategy_document, &strategy_folder)?;
        groups::read_in(&mut strategy_document, &strategy_folder)?;
        let defaults = Strategy::from_document(&strategy_document, &strategy_folder)?;
        let (mut axes, design) = axes(&root, &defaults, folder)?;
        axes.iter_mut().try_for_each(|axis| read_files(axis, folder))?;
        let rank = Rank::of_document(&document)?;
        let space = Arc::new(Space {
            keep: root.find(&keys::KEEP).map(|field| keep(&field, &defaults)).transpose()?,
            defaults: defaults.parameter_values(),
            axes,
            design,
        });
        let count = space.count().filter(|count| *count > 0).ok_or_else(|| {
            let field = root.find(&keys::AXES).or(root.find(&keys::POINTS));
            let message = format!("a sweep has from 1 to {POINTS_LIMIT} points");
            field.map_or_else(|| strategy.error(message.clone()), |field| field.key_error(message.clone()))
        })?;
        let holdout = Holdout::of(&document, &defaults, &space.axes)?;
        let seen_document = match &holdout {
            Some(holdout) => ended(&strategy_document, holdout.last_seen())?,
            None => strategy_document.clone(),
        };
        let mut sweep = Sweep {
            name,
            strategy: defaults,
            strategy_document,
            seen_document,
            strategy_folder,
            space,
            count,
            rank,
            walk_forward: windows(&document)?,
            holdout,
            document: document.clone(),
        };
        sweep.check_values(&root)?;
        sweep.strategy = sweep.variant_at(&sweep.space.values(0))?;
        Ok(sweep)
    }

    /// The strategy with its keys set as a point says.
    ///
    /// # Errors
    /// The strategy refuses a value.
    pub(crate) fn strategy_at(&self, values: &[AxisValue]) -> Result<Strategy, BacktestError> {
        let mut document = self.seen_document.clone();
        for (axis, value) in self.space.axes.iter().zip(values) {
            set(&mut document, axis, value)?;
        }
        Strategy::from_document(&document, &self.strategy_folder)
    }

    /// The strategy with its keys set as a point says, but for its parameters' values, which are not checked: one that the
    /// formula refuses is a failure of the points that have it, not of all that share the other keys.
    ///
    /// # Errors
    /// The strategy refuses the value of a key.
    pub(crate) fn variant_at(&self, values: &[AxisValue]) -> Result<Strategy, BacktestError> {
        let mut document = self.seen_document.clone();
        let axes = || self.space.axes.iter().zip(values);
        for (axis, value) in axes().filter(|(axis, _)| axis.target == Target::Key) {
            set(&mut document, axis, value)?;
        }
        let mut strategy = Strategy::from_document(&document, &self.strategy_folder)?;
        for (axis, value) in axes() {
            if let (Target::Parameter { index, .. }, AxisValue::Number(number)) = (axis.target, value) {
                strategy.parameters[index].value = *number;
            }
        }
        if let Ok(depth) = strategy.depth_at(&strategy.parameter_values()) {
            strategy.depth = depth;
        }
        Ok(strategy)
    }

    /// This sweep over the whole period of its strategy, whatever it holds out.
    ///
    /// # Errors
    /// The strategy refuses a value of the first point.
    pub(crate) fn whole(&self) -> Result<Sweep, BacktestError> {
        self.with_seen(self.strategy_document.clone())
    }

    /// This sweep with its period ended with another date, whatever it holds out.
    ///
    /// # Errors
    /// The strategy refuses the date.
    pub(crate) fn until(&self, last: Date) -> Result<Sweep, BacktestError> {
        self.with_seen(ended(&self.strategy_document, last)?)
    }

    fn with_seen(&self, seen_document: Document) -> Result<Sweep, BacktestError> {
        let mut sweep = Sweep { seen_document, ..self.clone() };
        sweep.strategy = sweep.variant_at(&sweep.space.values(0))?;
        Ok(sweep)
    }

    /// Tries the values of axes that are no parameters, each alone.
    fn check_values(&self, root: &Table) -> Result<(), BacktestError> {
        let field = |name: &str| {
            let table = root.optional_table(keys::AXES.name).ok()?;
            table.get(name)
        };
        for axis in &self.space.axes {
            if axis.target != Target::Key {
                continue;
            }
            let listed = field(&axis.name).and_then(|field| field.list()).unwrap_or_default();
            let values: Vec<AxisValue> = match &axis.values {
                Values::List(values) => values.clone(),
                range => range.ends().into(),
            };
            let mut tried = HashSet::new();
            for (index, value) in values.iter().enumerate().filter(|(_, value)| tried.insert(value.toml())) {
                let mut document = self.seen_document.clone();
                let tried = set(&mut document, axis, value)
                    .map_err(BacktestError::from)
                    .and_then(|()| Strategy::from_document(&document, &self.strategy_folder));
                match (tried, listed.get(index)) {
                    (Err(BacktestError::Config(error)), Some(field)) => {
                        return Err(field.error(error.message).into());
                    }
                    // With values of other axes there may be a day.
                    (Err(BacktestError::NoDay { .. }), _) => {}
                    (tried, _) => _ = tried?,
                }
            }
        }
        Ok(())
    }
}

/// Settles where the files and folders of prices and other numbers are that an axis names, and puts the content of files of a
/// universe in place of their names. Relative names begin at `folder`.
fn read_files(axis: &mut Axis, folder: &Path) -> Result<(), BacktestError> {
    let Values::List(values) = &mut axis.values else { return Ok(()) };
    let takes_path = takes_path(&axis.name);
    if !takes_path && !universe_files::names_file(&axis.name) {
        return Ok(());
    }
    for value in values {
        match value {
            _ if takes_path => {
                *value = AxisValue::Text(folder.join(value.plain()).display().to_string());
            }
            AxisValue::Text(name) => {
                *value = AxisValue::Other(universe_files::content(&axis.name, &folder.join(name))?);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Sets what an axis sets.
fn set(document: &mut Document, axis: &Axis, value: &AxisValue) -> Result<(), ConfigError> {
    let assignment = format!("{}={}", axis.name, value.toml());
    document.set_by(&STRATEGY, format!("axis '{}'", axis.name), &assignment)
}

fn read_text(name: &str, path: &Path) -> Result<String, BacktestError> {
    let unreadable = |error| BacktestError::Unreadable { path: name.to_owned(), error };
    Ok(Document::text(name, std::fs::read(path).map_err(unreadable)?)?)
}

/// Names become folders and job names: letters, digits, `.`, `_` and `-`.
fn name(field: &Field) -> Result<String, ConfigError> {
    let name = field.text()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if starts_well && name.len() <= NAME_LENGTH && name.bytes().all(is_plain) {
        Ok(name.to_owned())
    } else {
        Err(field.error(format!(
            "'name': a sweep's name becomes a folder: expected up to {NAME_LENGTH} letters, digits or any of . _ -, \
             beginning with a letter or digit"
        )))
    }
}

fn keep(field: &Field, strategy: &Strategy) -> Result<Condition, ConfigError> {
    let names: Vec<String> = strategy.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    Condition::new(field.text()?, &names)
        .map_err(|error| field.error_within(error.span.clone(), error.to_string()))
}

fn axes(root: &Table, strategy: &Strategy, folder: &Path) -> Result<(Vec<Axis>, Design), BacktestError> {
    let sample = root.find(&keys::SAMPLE).map(|field| sample(&field)).transpose()?;
    match (root.find(&keys::AXES), root.find(&keys::POINTS)) {
        (Some(axes), None) => {
            let fields: Vec<Field> = axes.table()?.fields().collect();
            if fields.is_empty() {
                let message = "[axes]: expected at least one axis, for instance lookback = [21, 42]";
                return Err(axes.error(message).into());
            }
            let sobol = sample.is_some_and(|sample| sample.method == SampleMethod::Sobol);
            if let Some(field) = fields.get(MAX_DIMENSIONS).filter(|_| sobol) {
                let message =
                    format!("a Sobol sample has up to {MAX_DIMENSIONS} axes, found {}", fields.len());
                return Err(field.key_error(message).into());
            }
            let read = |field: &Field| axis(field, sample.is_some(), strategy);
            let axes: Vec<Axis> = fields.iter().map(read).collect::<Result<_, ConfigError>>()?;
            refuse_overlap(&axes).map_err(|(index, message)| fields[index].key_error(message))?;
            Ok((axes, sample.map_or(Design::Grid, Design::Sample)))
        }
        (None, Some(points)) => {
            if let (Some(_), Some(field)) = (sample, root.find(&keys::SAMPLE)) {
                let message = "a sample is drawn from [axes], and this sweep has 'points'";
                return Err(field.key_error(message).into());
            }
            if points.is_table() {
                let table = points.table()?;
                let read = |field: Field| axis(&field, false, strategy);
                let axes: Vec<Axis> = table.fields().map(read).collect::<Result<_, ConfigError>>()?;
                refuse_overlap(&axes).map_err(|(_, message)| points.error(message))?;
                let counts: HashSet<_> = axes.iter().map(|axis| axis.values.count()).collect();
                return match counts.len() {
                    1 => Ok((axes, Design::List)),
                    _ => Err(points.error("[points]: expected lists of one length").into()),
                };
            }
            let columns = listed_points(&points, folder)?;
            let read = |(name, values)| named_axis(&points, name, Values::List(values), strategy);
            let axes: Vec<Axis> = columns.into_iter().map(read).collect::<Result<_, _>>()?;
            refuse_overlap(&axes).map_err(|(_, message)| points.error(message))?;
            Ok((axes, Design::List))
        }
        (Some(_), Some(points)) => {
            Err(points.key_error("a sweep has either [axes] or 'points', found both").into())
        }
        (None, None) => {
            let message = "the sweep has no points: add [axes] or points = \"points.csv\"";
            Err(root.need(&keys::NAME)?.error(message).into())
        }
    }
}

fn sample(field: &Field) -> Result<Sample, ConfigError> {
    let table = field.table()?.checked(&SWEEP)?;
    let method = table.need(&keys::METHOD)?;
    let text = method.text()?;
    let known = METHODS.iter().find(|(name, _)| *name == text);
    let method = known.map(|(_, method)| *method).ok_or_else(|| {
        let [others @ .., last] = METHOD_NAMES.map(|name| format!("\"{name}\""));
        method.error(format!("unknown method '{text}'; expected {} or {last}", others.join(", ")))
    })?;
    Ok(Sample { method, points: table.whole(&keys::SAMPLE_POINTS)?, seed: table.whole(&keys::SEED)? })
}

fn axis(field: &Field, sampled: bool, strategy: &Strategy) -> Result<Axis, ConfigError> {
    check_name(field, field.key)?;
    let plain = field.key.strip_prefix("parameters.").unwrap_or(field.key);
    let parameter = strategy.parameters.iter().find(|parameter| parameter.name == plain);
    let real = parameter.is_some_and(|parameter| matches!(parameter.value, Number::Float(_)));
    named_axis(field, field.key.to_owned(), Values::parse(field, sampled, real)?, strategy)
}

/// An axis sets one parameter or one key, by its one name: what points share is known by these names.
fn check_name(field: &Field, name: &str) -> Result<(), ConfigError> {
    let key = STRATEGY.key(name);
    let is_table = |key: &Key| key.table.is_empty() || [COLUMNS.path, COLUMN.path].contains(&key.path);
    if key.is_some_and(|key| matches!(key.kind, Kind::Table) && is_table(key)) {
        let inner = field.table().ok().and_then(|table| table.fields().next().map(|inner| inner.key));
        let example = format!("{name}.{}", inner.unwrap_or("KEY"));
        let message = format!(
            "'{name}' is a table, and an axis sets one key: write its dotted path in quotes, for instance \"{example}\" = [...]"
        );
        return Err(field.key_error(message));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    // A free name, such as a ticker, may need quotes inside a path. Those of parameters are words.
    let is_free = key.is_some_and(|key| key.name == "*" && key.decides != Decides::Weights);
    if is_free || name.bytes().all(is_plain) {
        Ok(())
    } else {
        let name = quoted::text(name);
        let message =
            format!("'{name}' names no axis: expected a parameter or a dotted path such as costs.commission");
        Err(field.key_error(message))
    }
}

/// The index of an axis that sets what another sets, and a message.
fn refuse_overlap(axes: &[Axis]) -> Result<(), (usize, String)> {
    let below = |name: &str, table: &str| {
        name == table || name.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
    };
    for (index, axis) in axes.iter().enumerate() {
        let same = |earlier: &&Axis| match (earlier.target, axis.target) {
            (Target::Parameter { index, .. }, Target::Parameter { index: other, .. }) => index == other,
            // A key below an earlier one is set after it and stays.
            _ => below(&earlier.name, &axis.name),
        };
        if let Some(earlier) = axes[..index].iter().find(same) {
            return Err((
                index,
                format!("the axis '{}' sets what '{}' sets already", axis.name, earlier.name),
            ));
        }
    }
    Ok(())
}

/// Settles what an axis sets, and that its values fit.
fn named_axis(field: &Field, name: String, values: Values, strategy: &Strategy) -> Result<Axis, ConfigError> {
    check_name(field, &name)?;
    let plain = name.strip_prefix("parameters.").unwrap_or(&name);
    let Some(index) = strategy.parameters.iter().position(|parameter| parameter.name == plain) else {
        // A key without a row is refused when the values are tried.
        let decides = STRATEGY.key(&name).map_or(Decides::Prices, |key| match key.kind {
            // A formula may name assets, whose prices are read.
            Kind::NumberOrFormula { .. } if !values.is_ordered() => Decides::Prices,
            _ => key.decides,
        });
        return Ok(Axis { name, target: Target::Key, decides, values });
    };
    let whole = matches!(strategy.parameters[index].value, Number::Integer(_));
    let values = match values {
        Values::List(list) => {
            let typed = |value: AxisValue| match (value.number(), whole) {
                (Some(number), false) => Ok(AxisValue::Number(Number::Float(number))),
                (Some(number), true) if number.fract() == 0.0 && number.abs() < 9e15 => {
                    Ok(AxisValue::Number(Number::Integer(number as i64)))
                }
                (found, _) => {
                    let expected = if whole && found.is_some() { "whole numbers" } else { "numbers" };
                    let found = value.toml();
                    Err(field.error(format!("the parameter '{plain}' takes {expected}, found {found}")))
                }
            };
            Values::List(list.into_iter().map(typed).collect::<Result<_, _>>()?)
        }
        Values::Steps { scale, whole: false, .. } if whole => {
            let message =
                format!("the parameter '{plain}' takes whole numbers; the range has steps of 1/{scale}");
            return Err(field.error(message));
        }
        Values::Span { whole: false, .. } if whole => {
            let message =
                format!("the parameter '{plain}' takes whole numbers; write both ends without a point");
            return Err(field.error(message));
        }
        Values::Steps { from, step, scale, count, .. } => Values::Steps { from, step, scale, count, whole },
        Values::Span { from, to, logarithmic, .. } => Values::Span { from, to, logarithmic, whole },
    };
    Ok(Axis { name, target: Target::Parameter { index, whole }, decides: PARAMETER.decides, values })
}

type Columns = Vec<(String, Vec<AxisValue>)>;

/// A CSV file of points: names in the first line, one point a line.
fn listed_points(field: &Field, folder: &Path) -> Result<Columns, BacktestError> {
    let path = folder.join(field.text()?);
    let shown = path.display();
    let text = read_text(&shown.to_string(), &path)?;
    let fail = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("expected {expected_len} values, found {len}")
            }
            _ => error.to_string(),
        };
        field.error(format!("{shown}:{line}: {message}"))
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names: Vec<String> = reader.headers().map_err(fail)?.iter().map(str::to_owned).collect();
    let mut seen = HashSet::new();
    for name in &names {
        if name.is_empty() || !seen.insert(name) {
            let message = format!("{shown}:1: expected a name a column, each once, found '{name}'");
            return Err(field.error(message).into());
        }
    }
    let mut columns: Columns = names.into_iter().map(|name| (name, Vec::new())).collect();
    for record in reader.records() {
        let record = record.map_err(fail)?;
        for ((name, column), cell) in columns.iter_mut().zip(&record) {
            if cell.is_empty() {
                let line = record.position().map_or(0, csv::Position::line);
                return Err(field.error(format!("{shown}:{line}: '{name}' has no value")).into());
            }
            column.push(AxisValue::of_cell(cell));
        }
    }
    if columns.first().is_none_or(|(_, values)| values.is_empty()) {
        let message = format!("{shown}: expected names in the first line and a point a line below");
        return Err(field.error(message).into());
    }
    Ok(columns)
}
