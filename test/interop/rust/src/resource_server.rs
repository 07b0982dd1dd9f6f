use crate::openid_connect::machine_token;
use crate::stage::{http, issuer};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation, decode, decode_header};
use openidconnect::OAuth2TokenResponse;
use serde::Deserialize;

pub const TESTS: &[(&str, fn())] = &[(
    "access tokens by the published keys; none for another API, none that was damaged",
    verifies,
)];

#[derive(Deserialize)]
struct Claims {
    scope: String,
}

fn verifies() {
    let token = machine_token().access_token().secret().clone();
    assert_eq!(verified(&token, &issuer()).unwrap().claims.scope, "events:read");
    assert!(verified(&token, "https://another.example").is_err());
    assert!(verified(&format!("{}AAAAAAAA", &token[..token.len() - 8]), &issuer()).is_err());
}

fn verified(token: &str, audience: &str) -> jsonwebtoken::errors::Result<TokenData<Claims>> {
    let published = http().get(format!("{}/.well-known/jwks.json", issuer())).send().unwrap();
    let keys: JwkSet = serde_json::from_str(&published.text().unwrap()).unwrap();
    let header = decode_header(token)?;
    let key = keys.find(header.kid.as_deref().expect("a kid")).expect("a published key");
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[issuer()]);
    validation.set_audience(&[audience]);
    decode(token, &DecodingKey::from_jwk(key)?, &validation)
}
