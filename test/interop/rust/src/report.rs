//! Prints each test, and writes to REPORT what was seen.

use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub struct Report {
    passed: usize,
    failed: usize,
    clients: Vec<Value>,
}

impl Report {
    pub fn new() -> Self {
        Self {
            passed: 0,
            failed: 0,
            clients: vec![],
        }
    }

    /// Tests of a crate: each is what the crate gets done, and how.
    pub fn drives(&mut self, name: &str, tests: &[(&str, fn())]) {
        let version = version_of(name);
        let mut works = vec![];
        for (does, test) in tests {
            let passed = catch_unwind(AssertUnwindSafe(test)).is_ok();
            println!("{}: {name} {version}: {does}", if passed { "ok" } else { "FAILED" });
            if passed {
                self.passed += 1;
                works.push(does);
            } else {
                self.failed += 1;
            }
        }
        let client = json!({ "client": name, "version": version, "language": "Rust", "needs": [], "works": works });
        self.clients.push(client);
    }

    /// Whether all was well.
    pub fn write(self) -> bool {
        let report = json!({
            "numPassedTests": self.passed, "numFailedTests": self.failed, "numFailedTestSuites": 0, "clients": self.clients
        });
        std::fs::write(std::env::var("REPORT").expect("REPORT"), report.to_string()).unwrap();
        self.failed == 0
    }
}

fn version_of(name: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let (_, after) = lock
        .split_once(&format!("name = \"{name}\"\nversion = \""))
        .expect("a crate of Cargo.lock");
    after.split_once('"').unwrap().0
}
