//! Runs other programs with a limit of time.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// The time between two looks whether a program has ended.
const LOOK_TIME: Duration = Duration::from_millis(5);

/// Runs a program with a text as its input and gives its output. The error is the text of its standard error, or the reason why
/// it did not run to its end.
pub(crate) fn answer(line: &[String], input: &str, limit: Duration) -> Result<String, String> {
    let (program, mut child) = start(line)?;
    // Each pipe has its thread: a pipe holds little, and a program waits until somebody reads from it.
    let feed = child.stdin.take().map(|mut pipe| {
        let input = input.to_owned();
        // A program may answer before it has read everything.
        thread::spawn(move || drop(pipe.write_all(input.as_bytes())))
    });
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    let ended = wait(&mut child, limit);
    if let Some(feed) = feed.filter(|_| ended.is_ok()) {
        // The thread gives no result.
        let _ = feed.join();
    }
    let success = ended.map_err(|reason| format!("{program}: {reason}"))?;
    let text = |thread: thread::JoinHandle<String>| thread.join().unwrap_or_default();
    let (stdout, stderr) = (text(stdout), text(stderr));
    if success {
        Ok(stdout)
    } else if stderr.trim().is_empty() {
        Err(format!("{program} failed"))
    } else {
        Err(stderr.trim().to_owned())
    }
}

/// How a program ended.
pub(crate) struct Ended {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The text of its standard error.
    pub stderr: String,
}

/// Runs a program with some bytes as its input, and hands each line of its output to `take` as soon as it comes.
pub(crate) fn converse(
    line: &[String],
    input: Vec<u8>,
    limit: Duration,
    mut take: impl FnMut(&str),
) -> Result<Ended, String> {
    let (program, mut child) = start(line)?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program may end before it has read everything.
        thread::spawn(move || drop(pipe.write_all(&input)));
    }
    let stderr = read(child.stderr.take());
    let (sender, lines) = mpsc::channel();
    if let Some(pipe) = child.stdout.take() {
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                // After the limit nobody listens.
                let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
            }
        });
    }
    let began = Instant::now();
    loop {
        match lines.recv_timeout(limit.saturating_sub(began.elapsed())) {
            Ok(line) => take(&line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                // It may end by itself at this very moment.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{program}: no end within {} s", limit.as_secs()));
            }
        }
    }
    let ended = child.wait().map_err(|error| format!("{program}: {error}"))?;
    Ok(Ended { code: ended.code(), stderr: stderr.join().unwrap_or_default() })
}

/// Starts a program, with its name, and with pipes for its input, output and standard error.
fn start(line: &[String]) -> Result<(&str, Child), String> {
    let [program, arguments @ ..] = line else {
        return Err("no program to run".to_owned());
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    Ok((program, child))
}

/// Waits until a program ends, and says whether it succeeded.
fn wait(child: &mut Child, limit: Duration) -> Result<bool, String> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if began.elapsed() < limit => sleep(LOOK_TIME),
            Ok(None) => {
                // It may end by itself at this very moment.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no answer within {} s", limit.as_secs()));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Reads a pipe to its end in a thread.
fn read(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before an error is still an answer.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, input: &str, limit: Duration) -> Result<String, String> {
        answer(&["sh", "-c", script].map(str::to_owned), input, limit)
    }

    #[test]
    fn a_program_answers_fails_or_is_late() {
        let while_ = Duration::from_secs(20);
        let long = "x".repeat(1 << 20);
        assert_eq!(shell("cat", &long, while_), Ok(long.clone()));
        assert_eq!(shell("echo early", &long, while_), Ok("early\n".to_owned()));
        assert_eq!(shell("echo why >&2; exit 3", "", while_), Err("why".to_owned()));
        let began = Instant::now();
        assert_eq!(
            shell("exec sleep 30", "", Duration::from_millis(100)),
            Err("sh: no answer within 0 s".to_owned())
        );
        assert!(began.elapsed() < Duration::from_secs(10));
        let mut lines = Vec::new();
        let script = ["sh", "-c", "cat; echo last; echo why >&2; exit 3"].map(str::to_owned);
        let ended =
            converse(&script, b"one\ntwo\n".to_vec(), while_, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(
            (lines.join(" "), ended.code, ended.stderr.trim()),
            ("one two last".to_owned(), Some(3), "why")
        );
        let slow = ["sh", "-c", "echo early; exec sleep 30"].map(str::to_owned);
        assert!(converse(&slow, Vec::new(), Duration::from_millis(300), |_| {}).is_err());
        assert!(began.elapsed() < Duration::from_secs(20));
        let absent = answer(&["no-such-program-here".to_owned()], "", while_).unwrap_err();
        assert!(absent.starts_with("no-such-program-here: "), "{absent}");
    }
}
