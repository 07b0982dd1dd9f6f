mod openid_connect;
mod report;
mod resource_server;
mod stage;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut report = report::Report::new();
    report.drives("openidconnect", openid_connect::TESTS);
    report.drives("oauth2", openid_connect::OAUTH2_TESTS);
    report.drives("jsonwebtoken", resource_server::TESTS);
    if report.write() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
