//! Other programs: asked a question, given a while to answer.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// How often one looks whether a program has ended.
const LOOK_TIME: Duration = Duration::from_millis(5);

/// Runs a program with a text as its input and gives what it prints; an error is what it says, or why it did not run.
pub fn answer(line: &[String], input: &str, limit: Duration) -> Result<String, String> {
    let [program, arguments @ ..] = line else {
        return Err("no program to run".to_owned());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    // Threads, for a pipe holds little: whoever is not read from waits.
    let feed = child.stdin.take().map(|mut pipe| {
        let input = input.to_owned();
        // A program may well answer before it has read everything.
        thread::spawn(move || drop(pipe.write_all(input.as_bytes())))
    });
    let (printed, said) = (read(child.stdout.take()), read(child.stderr.take()));
    let ended = wait(&mut child, limit);
    if let Some(feed) = feed.filter(|_| ended.is_ok()) {
        // It has nothing to tell.
        let _ = feed.join();
    }
    let success = ended.map_err(|reason| format!("{program}: {reason}"))?;
    let text = |thread: thread::JoinHandle<String>| thread.join().unwrap_or_default();
    let (printed, said) = (text(printed), text(said));
    match success {
        true => Ok(printed),
        false if said.trim().is_empty() => Err(format!("{program} failed")),
        false => Err(said.trim().to_owned()),
    }
}

/// Whether it ended well.
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
        let absent = answer(&["no-such-program-here".to_owned()], "", while_).unwrap_err();
        assert!(absent.starts_with("no-such-program-here: "), "{absent}");
    }
}
