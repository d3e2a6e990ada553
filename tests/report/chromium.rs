//! A headless Chromium, driven over a pipe by its debugging protocol. Knows nothing of what is tested.
//!
//! The browser reads commands from file descriptor 3 and answers on 4, each a JSON text that ends with a zero byte. A shell puts
//! its own input and output there and becomes the browser.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::pace::Wait;

/// Longer than anything here takes on a usual machine without other work.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_TIME: Duration = Duration::from_secs(1);

/// A browser that ends with its value.
pub struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    events: Vec<Value>,
    number: u64,
    session: Option<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts it with an empty page; without a browser prints why not, and fails if `BACKTEST_BROWSER` asks for one.
    pub fn start(test: &str) -> Option<Browser> {
        let known =
            Command::new("chromium").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !known.is_ok_and(|status| status.success()) {
            assert!(
                std::env::var_os("BACKTEST_BROWSER").is_none(),
                "BACKTEST_BROWSER is set, and there is no chromium"
            );
            println!("skipped: {test} needs chromium");
            return None;
        }
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<&0 4>&1 >/dev/null 2>&1", "sh"])
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args([
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                message.pop();
                if serde_json::from_slice(&message).is_ok_and(|message| sender.send(message).is_err()) {
                    return;
                }
                message.clear();
            }
        });
        let mut browser = Browser {
            child,
            input,
            messages,
            events: Vec::new(),
            number: 0,
            session: None,
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Asks for something and waits for the answer.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.input.write_all(message.to_string().as_bytes()).unwrap();
        self.input.write_all(&[0]).unwrap();
        self.input.flush().unwrap();
        let number = self.number;
        let answer = self.wait(|message| message["id"] == number, method);
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// Waits for a message; others are kept as events.
    fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool, what: &str) -> Value {
        let mut wait = Wait::new(PATIENCE);
        loop {
            match self.messages.recv_timeout(LOOK_TIME) {
                Ok(message) if is_wanted(&message) => return message,
                Ok(message) => self.events.push(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("the browser ended before {what}"),
            }
            assert!(!wait.is_in_vain(), "no answer to {what}");
        }
    }

    /// The size of the window, in pixels, and whether it is a phone's.
    pub fn resize(&mut self, width: u32, height: u32, phone: bool) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Whether the reader likes it dark.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// Shows the page as it is printed.
    pub fn print(&mut self) {
        let dark = json!([{ "name": "prefers-color-scheme", "value": "dark" }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": "print", "features": dark }));
    }

    /// Opens a file and waits until it is there, script included. Gives the time that took.
    pub fn open(&mut self, page: &Path) -> Duration {
        self.events.clear();
        let began = Instant::now();
        self.call("Page.navigate", json!({ "url": format!("file://{}", page.display()) }));
        if !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            self.wait(|message| message["method"] == "Page.loadEventFired", "the page");
        }
        assert_eq!(
            self.evaluate("document.documentElement.dataset.ready"),
            "yes",
            "the script ran to its end"
        );
        began.elapsed()
    }

    /// The value of an expression on the page.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", event);
        }
        if key == "Enter" || key == " " {
            let text = json!({ "type": "char", "text": if key == "Enter" { "\r" } else { " " } });
            self.call("Input.dispatchKeyEvent", text);
        }
    }

    /// Moves the pointer to a place of the window and presses there.
    pub fn click(&mut self, x: f64, y: f64) {
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// What the page asked the network for, itself included.
    pub fn requests(&self) -> Vec<String> {
        let asked = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        asked.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned()).collect()
    }

    /// What the page complained about: exceptions, console messages, violations of its policy.
    pub fn complaints(&self) -> Vec<String> {
        let kinds = ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"];
        let complaints = self.events.iter().filter(|event| kinds.iter().any(|kind| event["method"] == *kind));
        complaints.map(|event| event["params"].to_string()).collect()
    }

    /// A picture of the whole page, or of its first `height` pixels.
    pub fn picture(&mut self, file: &Path, height: Option<f64>) {
        let size = self.call("Page.getLayoutMetrics", json!({}));
        let size = &size["cssContentSize"];
        let (width, whole) = (size["width"].as_f64().unwrap(), size["height"].as_f64().unwrap());
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height.unwrap_or(whole).min(16_000.0), "scale": 1 });
        let asked = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.call("Page.captureScreenshot", asked);
        std::fs::write(file, decoded(picture["data"].as_str().unwrap())).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is a child of this process: nothing else is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Base 64.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [0u32; 256];
    (0u32..).zip(LETTERS).for_each(|(value, letter)| values[usize::from(*letter)] = value);
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.as_bytes().chunks(4) {
        let word = group.iter().fold(0, |word, letter| word << 6 | values[usize::from(*letter)]);
        let padding = group.iter().filter(|letter| **letter == b'=').count();
        out.extend_from_slice(&word.to_be_bytes()[1..4 - padding]);
    }
    out
}

/// Where pictures go: `BACKTEST_PICTURES`, or nowhere that lasts.
pub fn pictures() -> PathBuf {
    let folder = std::env::var_os("BACKTEST_PICTURES")
        .map_or_else(|| std::env::temp_dir().join("backtest-pictures"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
