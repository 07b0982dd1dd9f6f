package interop

import (
	"context"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type profile struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Username string `json:"preferred_username"`
}

var ada = profile{Name: "Ada Lovelace", Email: "ada@acme.example", Username: "ada"}

// The example of go-oidc's README, which sends neither a code_challenge nor a nonce.
func TestGoOIDC(t *testing.T) {
	ctx := context.Background()
	client := driving(".", "github.com/coreos/go-oidc/v3")
	provider := discovered(t)
	made := newClient(t, map[string]any{"scopes": []string{"openid", "profile", "email", "offline_access", "events:read"}})
	config := oauth2.Config{
		ClientID:     made.ID,
		ClientSecret: made.Secret,
		RedirectURL:  callback,
		Endpoint:     provider.Endpoint(),
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email", oidc.ScopeOfflineAccess},
	}

	client.gets(t, "discovery, code, id_token, UserInfo, refresh, as the README has it", func(t *testing.T) {
		answer := visits(t, "ada", config.AuthCodeURL("some state")).sentBack(t)
		equal(t, "state", answer.Get("state"), "some state")
		token, err := config.Exchange(ctx, answer.Get("code"))
		must(t, err)
		equal(t, "name in the id_token", claimsOf(t, provider, made.ID, token), ada)

		var told profile
		info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		must(t, err)
		must(t, info.Claims(&told))
		equal(t, "UserInfo", told, ada)

		next := refreshed(t, config, token)
		equal(t, "name in the next id_token", claimsOf(t, provider, made.ID, next), ada)
	})

	client.gets(t, "PKCE and nonce, as its examples add them", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		link := config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier), oidc.Nonce("a nonce"))
		token, err := config.Exchange(ctx, visits(t, "ada", link).sentBack(t).Get("code"), oauth2.VerifierOption(verifier))
		must(t, err)
		equal(t, "nonce", idToken(t, provider, made.ID, token).Nonce, "a nonce")
		must(t, idToken(t, provider, made.ID, token).VerifyAccessToken(token.AccessToken))
	})

	client.gets(t, "a resource server that verifies access tokens by discovery alone", func(t *testing.T) {
		verifier := oauth2.GenerateVerifier()
		api := config
		api.Scopes = []string{"events:read"}
		link := api.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))
		token, err := api.Exchange(ctx, visits(t, "ada", link).sentBack(t).Get("code"), oauth2.VerifierOption(verifier))
		must(t, err)
		verified, err := provider.Verifier(&oidc.Config{ClientID: issuer}).Verify(ctx, token.AccessToken)
		must(t, err)
		equal(t, "the client's id", claim(t, verified, "client_id"), made.ID)
		if _, err := provider.Verifier(&oidc.Config{ClientID: "https://another.example"}).Verify(ctx, token.AccessToken); err == nil {
			t.Error("a token for latchkey was taken by another API")
		}
	})
}

func TestOAuth2(t *testing.T) {
	ctx := context.Background()
	client := driving(".", "golang.org/x/oauth2")
	provider := discovered(t)

	client.gets(t, "a public client with PKCE", func(t *testing.T) {
		made := newClient(t, map[string]any{"client_type": "public", "scopes": []string{"openid", "offline_access", "events:read"}})
		config := oauth2.Config{ClientID: made.ID, RedirectURL: callback, Endpoint: provider.Endpoint(), Scopes: []string{"events:read", "offline_access"}}
		verifier := oauth2.GenerateVerifier()
		link := config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))
		token, err := config.Exchange(ctx, visits(t, "ada", link).sentBack(t).Get("code"), oauth2.VerifierOption(verifier))
		must(t, err)
		refreshed(t, config, token)
	})

	client.gets(t, "client credentials", func(t *testing.T) {
		made := newClient(t, map[string]any{"acts_for_itself": true, "scopes": []string{"events:read"}})
		for name, config := range map[string]clientcredentials.Config{
			"with a scope":    {ClientID: made.ID, ClientSecret: made.Secret, TokenURL: provider.Endpoint().TokenURL, Scopes: []string{"events:read"}},
			"without a scope": {ClientID: made.ID, ClientSecret: made.Secret, TokenURL: provider.Endpoint().TokenURL},
		} {
			t.Run(name, func(t *testing.T) {
				token, err := config.Token(ctx)
				must(t, err)
				verified, err := provider.Verifier(&oidc.Config{ClientID: issuer}).Verify(ctx, token.AccessToken)
				must(t, err)
				equal(t, "scope", claim(t, verified, "scope"), "events:read")
				equal(t, "the client's id", claim(t, verified, "client_id"), made.ID)
			})
		}
	})
}

func discovered(t *testing.T) *oidc.Provider {
	t.Helper()
	provider, err := oidc.NewProvider(context.Background(), issuer)
	must(t, err)
	return provider
}

// refreshed is what the library gets by itself when the token has expired.
func refreshed(t *testing.T, config oauth2.Config, token *oauth2.Token) *oauth2.Token {
	t.Helper()
	expired := *token
	expired.Expiry = time.Now().Add(-time.Minute)
	next, err := config.TokenSource(context.Background(), &expired).Token()
	must(t, err)
	if next.AccessToken == token.AccessToken || next.RefreshToken == "" {
		t.Error("there is no new access token, or nothing to refresh it by")
	}
	return next
}

func idToken(t *testing.T, provider *oidc.Provider, audience string, token *oauth2.Token) *oidc.IDToken {
	t.Helper()
	raw, _ := token.Extra("id_token").(string)
	verified, err := provider.Verifier(&oidc.Config{ClientID: audience}).Verify(context.Background(), raw)
	must(t, err)
	return verified
}

func claimsOf(t *testing.T, provider *oidc.Provider, audience string, token *oauth2.Token) profile {
	t.Helper()
	var claims profile
	must(t, idToken(t, provider, audience, token).Claims(&claims))
	return claims
}

func claim(t *testing.T, token *oidc.IDToken, name string) any {
	t.Helper()
	var claims map[string]any
	must(t, token.Claims(&claims))
	return claims[name]
}
