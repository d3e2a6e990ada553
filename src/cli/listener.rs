//! What a computation tells, on standard error: notes, and a bar on a terminal, else a line now and then.

use std::cell::RefCell;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Common, output};
use crate::sweep::listener::{Listener, Note, Progress};
use crate::text::number::whole;
use crate::text::size::duration;

/// Without a terminal, one line about this often.
const LINE_TIME: Duration = Duration::from_secs(30);
/// Reasons for missing points that a person wants to read.
const REASONS_SHOWN: usize = 8;

/// Prints what it hears.
pub(crate) struct Printer {
    quiet: bool,
    /// The bar, and when points began and the last line was printed; nothing before the first point.
    begun: RefCell<Option<Begun>>,
}

struct Begun {
    bar: ProgressBar,
    at: Instant,
    printed: Instant,
}

impl Printer {
    /// A printer that has heard nothing yet.
    pub(crate) fn new(common: &Common) -> Printer {
        Printer { quiet: common.quiet, begun: RefCell::new(None) }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(begun) = self.begun.take() {
            begun.bar.finish_and_clear();
        }
    }

    /// Draws nothing without a terminal.
    fn bar(&self, todo: u64) -> ProgressBar {
        let target = if stderr().is_terminal() && !self.quiet {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(todo), target);
        if let Ok(style) = ProgressStyle::with_template(
            "{bar:40} {human_pos}/{human_len} points  {per_sec}  {eta} left{msg}",
        ) {
            bar.set_style(style);
        }
        bar
    }
}

impl Listener for Printer {
    fn note(&self, note: &Note) {
        match note {
            Note::Incomplete { .. } | Note::DamagedLeftOut(_) => output::warning(&note.to_string()),
            Note::TaskErrors(errors) => {
                errors.iter().take(REASONS_SHOWN).for_each(|error| output::error(error))
            }
            note => output::note(self.quiet, &note.to_string()),
        }
    }

    fn progress(&self, progress: Progress) {
        let Progress { todo, done, failed } = progress;
        let mut begun = self.begun.borrow_mut();
        let now = Instant::now();
        let Begun { bar, at, printed } =
            begun.get_or_insert_with(|| Begun { bar: self.bar(todo), at: now, printed: now });
        bar.set_position(done);
        if failed > 0 {
            bar.set_message(format!("  {failed} failed"));
        }
        if !self.quiet && !stderr().is_terminal() && now - *printed >= LINE_TIME {
            *printed = now;
            let rate = done as f64 / (now - *at).as_secs_f64();
            let (rate, left) = (whole(rate), duration((todo - done) as f64 / rate));
            let text = format!("{done} of {todo} points, {failed} failed, {rate} points/s, {left} left");
            output::note(false, &text);
        }
    }
}
