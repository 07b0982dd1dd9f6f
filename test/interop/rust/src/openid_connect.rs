use crate::stage::{CALLBACK, http, issuer, new_client, visit};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientRegistrationRequest, CoreGrantType, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::registration::EmptyAdditionalClientMetadata;
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IntrospectionUrl, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, RevocationUrl, Scope, TokenIntrospectionResponse, TokenResponse,
};
use serde_json::json;

pub const TESTS: &[(&str, fn())] = &[
    (
        "discovery, code with PKCE and nonce, id_token, UserInfo, refresh, client_secret_basic",
        basic,
    ),
    ("the same with client_secret_post", post),
    ("the same as a public client", public),
    ("registers itself, and logs in", registers),
    ("code with nonce alone", nonce_alone),
];

pub const OAUTH2_TESTS: &[(&str, fn())] = &[
    ("client credentials", client_credentials),
    ("introspection and revocation", introspection_and_revocation),
];

const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

fn basic() {
    let (id, secret) = new_client(json!({ "scopes": SCOPES }));
    journey(id, secret, AuthType::BasicAuth, true);
}

fn post() {
    let (id, secret) = new_client(json!({ "scopes": SCOPES }));
    journey(id, secret, AuthType::RequestBody, true);
}

fn public() {
    let (id, secret) = new_client(json!({ "scopes": SCOPES, "client_type": "public" }));
    assert_eq!(secret, None);
    journey(id, secret, AuthType::BasicAuth, true);
}

fn nonce_alone() {
    let (id, secret) = new_client(json!({ "scopes": SCOPES }));
    journey(id, secret, AuthType::BasicAuth, false);
}

fn registers() {
    let redirects = vec![RedirectUrl::new(CALLBACK.into()).unwrap()];
    let endpoint = discovered().registration_endpoint().expect("registration").clone();
    let made = CoreClientRegistrationRequest::new(redirects, EmptyAdditionalClientMetadata::default())
        .set_grant_types(Some(vec![CoreGrantType::AuthorizationCode, CoreGrantType::RefreshToken]))
        .register(&endpoint, &http())
        .unwrap();
    journey(
        made.client_id().to_string(),
        made.client_secret().map(|secret| secret.secret().clone()),
        AuthType::BasicAuth,
        true,
    );
}

fn client_credentials() {
    assert!(!machine_token().access_token().secret().is_empty());
}

fn introspection_and_revocation() {
    let metadata = discovered();
    let (id, secret) = new_client(json!({ "acts_for_itself": true, "scopes": ["events:read"] }));
    let at = |path: &str| format!("{}/oauth/{path}", issuer());
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(id), secret.map(ClientSecret::new))
        .set_introspection_url(IntrospectionUrl::new(at("introspect")).unwrap())
        .set_revocation_url(RevocationUrl::new(at("revoke")).unwrap());
    let tokens = client.exchange_client_credentials().unwrap().request(&http()).unwrap();
    let is_active = || {
        let told = client.introspect(tokens.access_token()).request(&http()).unwrap();
        told.active()
    };
    assert!(is_active());
    client
        .revoke_token(tokens.access_token().clone().into())
        .unwrap()
        .request(&http())
        .unwrap();
    assert!(!is_active());
}

/// A machine's access token, for latchkey itself.
pub fn machine_token() -> CoreTokenResponse {
    let (id, secret) = new_client(json!({ "acts_for_itself": true, "scopes": ["events:read"] }));
    CoreClient::from_provider_metadata(discovered(), ClientId::new(id), secret.map(ClientSecret::new))
        .exchange_client_credentials()
        .unwrap()
        .add_scope(Scope::new("events:read".into()))
        .request(&http())
        .unwrap()
}

fn discovered() -> CoreProviderMetadata {
    CoreProviderMetadata::discover(&IssuerUrl::new(issuer()).unwrap(), &http()).unwrap()
}

/// The example of the crate's documentation, with a refresh.
fn journey(id: String, secret: Option<String>, how: AuthType, with_pkce: bool) {
    let http = http();
    let client = CoreClient::from_provider_metadata(discovered(), ClientId::new(id), secret.map(ClientSecret::new))
        .set_auth_type(how)
        .set_redirect_uri(RedirectUrl::new(CALLBACK.into()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut asked = client.authorize_url(
        CoreAuthenticationFlow::AuthorizationCode,
        CsrfToken::new_random,
        Nonce::new_random,
    );
    for scope in &SCOPES[1..] {
        asked = asked.add_scope(Scope::new((*scope).into()));
    }
    if with_pkce {
        asked = asked.set_pkce_challenge(challenge);
    }
    let (link, state, nonce) = asked.url();
    let answered = visit(link.as_str());
    assert_eq!(&answered("state"), state.secret());

    let mut exchange = client.exchange_code(AuthorizationCode::new(answered("code"))).unwrap();
    if with_pkce {
        exchange = exchange.set_pkce_verifier(verifier);
    }
    let tokens = exchange.request(&http).unwrap();
    let id_token = tokens.id_token().expect("an id_token");
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, &nonce).unwrap();
    assert_eq!(claims.name().unwrap().get(None).unwrap().as_str(), "Ada Lovelace");
    assert_eq!(
        id_token.signing_alg().unwrap(),
        &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256
    );
    let of_token = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().unwrap(),
        id_token.signing_key(&verifier).unwrap(),
    );
    assert_eq!(claims.access_token_hash(), Some(&of_token.unwrap()));

    let about: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .unwrap()
        .request(&http)
        .unwrap();
    assert_eq!(about.email().unwrap().as_str(), "ada@acme.example");

    let next = client
        .exchange_refresh_token(tokens.refresh_token().expect("a refresh token"))
        .unwrap()
        .request(&http)
        .unwrap();
    assert_ne!(next.access_token().secret(), tokens.access_token().secret());
}
