#!/usr/bin/env bash
# The Model Context Protocol's Go SDK 1.8.0 (github.com/modelcontextprotocol/go-sdk), its client and its server as its examples/auth
# have them, and an authorization server that takes dynamic registration (RFC 7591).
#
# Whenever the MCP server answers 401 the client authorizes, and each time it registers first: what it registered before, in the same
# process, by the same handler, is forgotten. So a program that runs for a week with tokens of an hour and no refresh token leaves 168
# clients behind, each used once. A person who agreed to the client never agreed to this one: no consent can be remembered, and a list
# of "programs that I let in" has one line for each hour. An authorization server that limits how many may register from one address
# locks the program out.
# Give the handler `InitialTokenSource` and a `PreregisteredClient` made of a registration of one's own (oauthex.RegisterClient), or a
# Client ID Metadata Document; an authorization server forgets unused clients soon, and has a limit that a long-running program bears.
#
#> token expired 0 times: registered client-1, which asked for a code
#> token expired 1 times: registered client-2, which asked for a code
#> token expired 2 times: registered client-3, which asked for a code
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.0

require github.com/modelcontextprotocol/go-sdk v1.8.0
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

var registered, issued atomic.Int32

func main() {
	issuer := authorizationServer()
	var good string
	resource := mcpServer(issuer, &good)

	handler, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{
			Metadata: &oauthex.ClientRegistrationMetadata{ClientName: "A program", RedirectURIs: []string{"http://localhost:1/callback"}},
		},
		// The person's browser.
		AuthorizationCodeFetcher: func(_ context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			asked, err := url.Parse(args.URL)
			query := asked.Query()
			fmt.Printf("registered client-%d, which asked for a code\n", registered.Load())
			if query.Get("client_id") != fmt.Sprintf("client-%d", registered.Load()) {
				panic("another client asked")
			}
			// The token that it will get is the one that is good from now on.
			good = fmt.Sprintf("token-%d", issued.Load()+1)
			return &auth.AuthorizationResult{Code: "a code", State: query.Get("state")}, err
		},
	})
	must(err)
	client := mcp.NewClient(&mcp.Implementation{Name: "finding", Version: "1.0.0"}, nil)
	for expired := range 3 {
		fmt.Printf("token expired %d times: ", expired)
		// The MCP server takes it no longer, as when it has expired.
		good = ""
		session, err := client.Connect(context.Background(), &mcp.StreamableClientTransport{Endpoint: resource, OAuthHandler: handler}, nil)
		must(err)
		must(session.Close())
	}
}

func authorizationServer() string {
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	answer := func(w http.ResponseWriter, status int, body map[string]any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		must(json.NewEncoder(w).Encode(body))
	}
	mux.HandleFunc("/.well-known/oauth-authorization-server", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]any{
			"issuer":                           site.URL,
			"authorization_endpoint":           site.URL + "/authorize",
			"token_endpoint":                   site.URL + "/token",
			"registration_endpoint":            site.URL + "/register",
			"response_types_supported":         []string{"code"},
			"code_challenge_methods_supported": []string{"S256"},
		})
	})
	mux.HandleFunc("/register", func(w http.ResponseWriter, _ *http.Request) {
		id := fmt.Sprintf("client-%d", registered.Add(1))
		answer(w, 201, map[string]any{"client_id": id, "redirect_uris": []string{"http://localhost:1/callback"}, "token_endpoint_auth_method": "none"})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]any{"access_token": fmt.Sprintf("token-%d", issued.Add(1)), "token_type": "Bearer", "expires_in": 3600})
	})
	return site.URL
}

func mcpServer(issuer string, good *string) string {
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	resource := site.URL + "/mcp"
	metadata := "/.well-known/oauth-protected-resource"
	mux.Handle(metadata, auth.ProtectedResourceMetadataHandler(&oauthex.ProtectedResourceMetadata{
		Resource: resource, AuthorizationServers: []string{issuer},
	}))
	server := mcp.NewServer(&mcp.Implementation{Name: "finding", Version: "1.0.0"}, nil)
	guard := auth.RequireBearerToken(func(_ context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
		if token != *good {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{Expiration: time.Now().Add(time.Hour)}, nil
	}, &auth.RequireBearerTokenOptions{ResourceMetadataURL: site.URL + metadata})
	mux.Handle("/mcp", guard(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)))
	return resource
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go mod tidy 2> said || { cat said; exit 1; }
go run . | tee seen
diff <(echo "$expected") seen
