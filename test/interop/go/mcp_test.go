package interop

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"
)

// The official Go SDK on both sides, as its examples/auth has them.
func TestMCP(t *testing.T) {
	client := driving(".", "github.com/modelcontextprotocol/go-sdk")
	byKeys := startMCPServer(t, nil, keysVerifier)
	scoped := startMCPServer(t, []string{"openid", "email"}, keysVerifier)
	byIntrospection := startMCPServer(t, nil, introspectionVerifier)

	self := auth.AuthorizationCodeHandlerConfig{
		DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{
			Metadata: &oauthex.ClientRegistrationMetadata{
				ClientName:   "Dynamically registered MCP client",
				RedirectURIs: []string{callback},
			},
		},
	}
	client.gets(t, "registers itself, no scopes, a server that verifies by keys", func(t *testing.T) {
		equal(t, "scopes", callsTool(t, byKeys, self, false).Scopes, "[]")
	})
	client.gets(t, "registers itself, the scopes of the resource's metadata", func(t *testing.T) {
		equal(t, "scopes", callsTool(t, scoped, self, false).Scopes, "[email openid]")
	})
	client.gets(t, "registers itself, a server that introspects", func(t *testing.T) {
		callsTool(t, byIntrospection, self, false)
	})
	client.gets(t, "registers itself to refresh, and does", func(t *testing.T) {
		metadata := *self.DynamicClientRegistrationConfig.Metadata
		metadata.GrantTypes = []string{"authorization_code", "refresh_token"}
		config := auth.AuthorizationCodeHandlerConfig{
			DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{Metadata: &metadata},
			RequestRefreshToken:             true,
		}
		callsTool(t, scoped, config, true)
	})
	client.gets(t, "registers itself as a public client", func(t *testing.T) {
		metadata := *self.DynamicClientRegistrationConfig.Metadata
		metadata.TokenEndpointAuthMethod = "none"
		callsTool(t, scoped, auth.AuthorizationCodeHandlerConfig{
			DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{Metadata: &metadata},
		}, false)
	})
	client.gets(t, "registered beforehand, with a secret", func(t *testing.T) {
		made := newClient(t, map[string]any{"scopes": []string{"openid", "email", "offline_access"}})
		callsTool(t, scoped, auth.AuthorizationCodeHandlerConfig{
			RequestRefreshToken: true,
			PreregisteredClient: &oauthex.ClientCredentials{
				ClientID:         made.ID,
				ClientSecretAuth: &oauthex.ClientSecretAuth{ClientSecret: made.Secret},
			},
		}, true)
	})
	client.gets(t, "registered beforehand, public", func(t *testing.T) {
		made := newClient(t, map[string]any{"client_type": "public", "scopes": []string{"openid", "email", "offline_access"}})
		callsTool(t, scoped, auth.AuthorizationCodeHandlerConfig{
			RequestRefreshToken: true,
			PreregisteredClient: &oauthex.ClientCredentials{ClientID: made.ID},
		}, true)
	})
	client.gets(t, "a token for one server does not open another", func(t *testing.T) {
		token := callsTool(t, byKeys, self, false).token
		for server, status := range map[string]int{byKeys: http.StatusBadRequest, scoped: http.StatusUnauthorized, byIntrospection: http.StatusUnauthorized} {
			request, err := http.NewRequest("POST", server, strings.NewReader("no JSON-RPC"))
			must(t, err)
			request.Header.Set("Authorization", "Bearer "+token)
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Accept", "application/json, text/event-stream")
			response, err := http.DefaultClient.Do(request)
			must(t, err)
			response.Body.Close()
			equal(t, "the status at "+server, response.StatusCode, status)
		}
	})
}

// caller is what the one tool of the server tells of whoever calls it.
type caller struct {
	User   string
	Scopes []string
	token  string
}

// callsTool goes from nothing but the server's URL to a tool call; with refreshes, once more by a refreshed token.
func callsTool(t *testing.T, server string, config auth.AuthorizationCodeHandlerConfig, refreshes bool) caller {
	t.Helper()
	ctx := context.Background()
	config.RedirectURL = callback
	config.AuthorizationCodeFetcher = func(_ context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
		answer := visits(t, "ada", args.URL).sentBack(t)
		return &auth.AuthorizationResult{Code: answer.Get("code"), State: answer.Get("state"), Iss: answer.Get("iss")}, nil
	}
	var first oauth2.Token
	config.NewTokenSource = func(ctx context.Context, config *oauth2.Config, token *oauth2.Token) (oauth2.TokenSource, error) {
		first = *token
		// As long as it lives, the SDK's own source would not refresh it.
		if refreshes {
			token.Expiry = time.Now().Add(-time.Minute)
		}
		return config.TokenSource(ctx, token), nil
	}
	handler, err := auth.NewAuthorizationCodeHandler(&config)
	must(t, err)
	session, err := mcp.NewClient(&mcp.Implementation{Name: "interop", Version: "1.0.0"}, nil).
		Connect(ctx, &mcp.StreamableClientTransport{Endpoint: server, OAuthHandler: handler}, nil)
	must(t, err)
	defer session.Close()
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "whoami"})
	must(t, err)
	if result.IsError {
		t.Fatal(result.Content)
	}
	var told caller
	must(t, json.Unmarshal([]byte(result.Content[0].(*mcp.TextContent).Text), &told))
	source, err := handler.TokenSource(ctx)
	must(t, err)
	last, err := source.Token()
	must(t, err)
	equal(t, "that it refreshed", last.AccessToken != first.AccessToken, refreshes)
	told.token = last.AccessToken
	return told
}

// startMCPServer serves one tool, and answers its URL, which is its resource identifier too.
func startMCPServer(t *testing.T, scopes []string, verifierFor func(*testing.T, string) auth.TokenVerifier) string {
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	resource := site.URL + "/mcp"
	metadata := "/.well-known/oauth-protected-resource"
	mux.Handle(metadata, auth.ProtectedResourceMetadataHandler(&oauthex.ProtectedResourceMetadata{
		Resource:             resource,
		AuthorizationServers: []string{issuer},
		ScopesSupported:      scopes,
	}))
	server := mcp.NewServer(&mcp.Implementation{Name: "interop", Version: "1.0.0"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "whoami"}, func(ctx context.Context, request *mcp.CallToolRequest, _ struct{}) (*mcp.CallToolResult, any, error) {
		info := request.Extra.TokenInfo
		text, err := json.Marshal(caller{User: info.UserID, Scopes: info.Scopes})
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}}, nil, err
	})
	guard := auth.RequireBearerToken(verifierFor(t, resource), &auth.RequireBearerTokenOptions{Scopes: scopes, ResourceMetadataURL: site.URL + metadata})
	mux.Handle("/mcp", guard(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)))
	return resource
}

// keysVerifier knows latchkey by its discovery document alone.
func keysVerifier(t *testing.T, resource string) auth.TokenVerifier {
	verifier := discovered(t).Verifier(&oidc.Config{ClientID: resource})
	return func(ctx context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
		verified, err := verifier.Verify(ctx, token)
		if err != nil {
			return nil, auth.ErrInvalidToken
		}
		var claims struct{ Scope string }
		err = verified.Claims(&claims)
		return &auth.TokenInfo{Scopes: strings.Fields(claims.Scope), Expiration: verified.Expiry, UserID: verified.Subject}, err
	}
}

// introspectionVerifier is that of the SDK's examples/auth/server.
func introspectionVerifier(t *testing.T, resource string) auth.TokenVerifier {
	made := newClient(t, map[string]any{"name": "The MCP server at " + resource, "scopes": []string{}, "resources": []string{resource}})
	var metadata oauthex.AuthServerMeta
	get(t, issuer+"/.well-known/oauth-authorization-server", &metadata)
	return func(ctx context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
		form := url.Values{"token": {token}, "token_type_hint": {"access_token"}}
		request, err := http.NewRequestWithContext(ctx, "POST", metadata.IntrospectionEndpoint, strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(made.ID, made.Secret)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		var told struct {
			Active bool
			Scope  string
			Exp    int64
			Sub    string
		}
		if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
			return nil, err
		}
		if !told.Active {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{Scopes: strings.Fields(told.Scope), Expiration: time.Unix(told.Exp, 0), UserID: told.Sub}, nil
	}
}
