//! What test/interop/stage.ts offers.

use openidconnect::reqwest::{self, blocking::Client};
use serde_json::{Value, json};
use std::env::var;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Nobody listens there: a visit ends with what was sent to it.
pub const CALLBACK: &str = "http://127.0.0.1:9/callback";

pub fn issuer() -> String {
    var("LATCHKEY_ISSUER").expect("the stage")
}

/// As the documentation has it: redirects are not followed. It trusts the stage's authority.
pub fn http() -> Client {
    let authority = std::fs::read(var("LATCHKEY_CA").expect("the stage")).unwrap();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .add_root_certificate(reqwest::Certificate::from_pem(&authority).unwrap())
        .build()
        .unwrap()
}

/// The parameters that a client's callback got, after a person signed in and allowed what was asked.
pub fn visit(link: &str) -> impl Fn(&str) -> String {
    let query = [("url", link), ("person", "rust")];
    let at = reqwest::Url::parse_with_params(&format!("{}/visit", stage()), query).unwrap();
    let seen = read(Client::new().get(at));
    let url = seen["url"].as_str().expect("a URL").to_owned();
    move |name| {
        let parsed = reqwest::Url::parse(&url).unwrap();
        let found = parsed.query_pairs().find(|(each, _)| each == name);
        found.unwrap_or_else(|| panic!("the person ended at {url}")).1.into_owned()
    }
}

/// Registered as an administrator does it, with nothing beyond what is said here: its id and secret.
pub fn new_client(members: Value) -> (String, Option<String>) {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let name = format!("Rust {}", MADE.fetch_add(1, Ordering::Relaxed));
    let mut all = json!({ "name": name, "kind": "application", "redirect_urls": [CALLBACK] });
    all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let made = read(Client::new().post(format!("{}/clients", stage())).body(all.to_string()));
    let text = |name: &str| made[name].as_str().map(str::to_owned);
    (text("client_id").expect("a client"), text("client_secret"))
}

fn stage() -> String {
    var("LATCHKEY_STAGE").expect("the stage")
}

fn read(request: reqwest::blocking::RequestBuilder) -> Value {
    let answer = request.send().unwrap();
    let status = answer.status();
    let text = answer.text().unwrap();
    assert!(status.is_success(), "{status}: {text:.500}");
    serde_json::from_str(&text).unwrap()
}
