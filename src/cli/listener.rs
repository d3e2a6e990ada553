//! What a computation tells, on standard error: notes, and a bar on a terminal, else a line now and then.

use std::cell::Cell;
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
    /// Draws nothing without a terminal.
    bar: ProgressBar,
    prints_lines: bool,
    /// When points began, and when the last line was printed.
    times: Cell<Option<[Instant; 2]>>,
}

impl Printer {
    /// A printer that has heard nothing yet.
    pub(crate) fn new(common: &Common) -> Printer {
        let is_terminal = stderr().is_terminal();
        let target = if is_terminal && !common.quiet {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template(
            "{bar:40} {human_pos}/{human_len} points  {per_sec}  {eta} left{msg}",
        ) {
            bar.set_style(style);
        }
        let prints_lines = !is_terminal && !common.quiet;
        Printer { quiet: common.quiet, bar, prints_lines, times: Cell::new(None) }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Listener for Printer {
    fn note(&self, note: &Note) {
        match note {
            Note::Incomplete { reasons, .. } => {
                output::warning(&note.to_string());
                reasons.iter().take(REASONS_SHOWN).for_each(|reason| output::error(reason));
            }
            note => output::note(self.quiet, &note.to_string()),
        }
    }

    fn progress(&self, progress: Progress) {
        let Progress { todo, done, failed } = progress;
        self.bar.set_length(todo);
        self.bar.set_position(done);
        if failed > 0 {
            self.bar.set_message(format!("  {failed} failed"));
        }
        let now = Instant::now();
        let [began, mut printed] = self.times.get().unwrap_or([now, now]);
        if self.prints_lines && now - printed >= LINE_TIME {
            printed = now;
            let rate = done as f64 / (now - began).as_secs_f64();
            let (rate, left) = (whole(rate), duration((todo - done) as f64 / rate));
            let text = format!("{done} of {todo} points, {failed} failed, {rate} points/s, {left} left");
            output::note(false, &text);
        }
        self.times.set(Some([began, printed]));
    }
}
