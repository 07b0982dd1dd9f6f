package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// RFC 8628, as the package's example has it: a program without a browser shows where to go and waits, and a person who has one
// elsewhere answers. How it authenticates nobody tells it: it tries both ways each time, and so is told to slow down.
func TestDeviceFlow(t *testing.T) {
	client := driving(".", "golang.org/x/oauth2")

	client.gets(t, "device flow: a program registers itself for it, waits until it is let in, UserInfo, an API, refresh", func(t *testing.T) {
		ctx := context.Background()
		config := aProgram(t)
		program := begin(t, config)
		<-program.told
		token, err := program.answered(t, "Allow", "Go back to your device")
		must(t, err)

		var told profile
		info, err := discovered(t).UserInfo(ctx, oauth2.StaticTokenSource(token))
		must(t, err)
		must(t, info.Claims(&told))
		equal(t, "UserInfo", told, ada)
		opensEnvironments(t, config.Client(ctx, token))
		next := refreshed(t, config, token)
		opensEnvironments(t, config.Client(ctx, next))
	})

	client.gets(t, "device flow with a secret, where DeviceAuth is told to send it", func(t *testing.T) {
		scopes := []string{"environments:read"}
		made := newClient(t, map[string]any{"device_authorization": true, "redirect_urls": []string{}, "scopes": scopes})
		config := oauth2.Config{ClientID: made.ID, ClientSecret: made.Secret, Endpoint: discovered(t).Endpoint(), Scopes: scopes}
		token, err := begin(t, config, oauth2.SetAuthURLParam("client_secret", made.Secret)).answered(t, "Allow", "Go back to your device")
		must(t, err)
		opensEnvironments(t, config.Client(context.Background(), refreshed(t, config, token)))
	})

	client.gets(t, "device flow: a person who does not let it in is its error access_denied", func(t *testing.T) {
		_, err := begin(t, aProgram(t)).answered(t, "Deny", "It was not let in")
		var refused *oauth2.RetrieveError
		if !errors.As(err, &refused) || refused.ErrorCode != "access_denied" {
			t.Errorf("the error is %v", err)
		}
	})
}

// aProgram needs no redirect URL (RFC 7591).
func aProgram(t *testing.T) oauth2.Config {
	t.Helper()
	var metadata struct {
		Registration string `json:"registration_endpoint"`
	}
	provider := discovered(t)
	must(t, provider.Claims(&metadata))
	body, err := json.Marshal(map[string]any{
		"client_name":                "A command line",
		"grant_types":                []string{"urn:ietf:params:oauth:grant-type:device_code", "refresh_token"},
		"token_endpoint_auth_method": "none",
	})
	must(t, err)
	response, err := http.Post(metadata.Registration, "application/json", bytes.NewReader(body))
	must(t, err)
	var made client
	read(t, response, http.StatusCreated, &made)
	scopes := []string{oidc.ScopeOpenID, "profile", "email", "environments:read"}
	return oauth2.Config{ClientID: made.ID, Endpoint: provider.Endpoint(), Scopes: scopes}
}

// waiting is a program that has shown its code.
type waiting struct {
	shown *oauth2.DeviceAuthResponse
	// Closed by the first answer of the token endpoint.
	told  chan struct{}
	token *oauth2.Token
	err   error
	ended chan struct{}
}

func begin(t *testing.T, config oauth2.Config, more ...oauth2.AuthCodeOption) *waiting {
	t.Helper()
	shown, err := config.DeviceAuth(context.Background(), more...)
	must(t, err)
	equal(t, "where to go", shown.VerificationURI, issuer+"/device")
	equal(t, "the link with the code in it", shown.VerificationURIComplete, shown.VerificationURI+"?user_code="+shown.UserCode)
	program := &waiting{shown: shown, told: make(chan struct{}), ended: make(chan struct{})}
	tell := sync.OnceFunc(func() { close(program.told) })
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: after(tell)})
	go func() {
		defer close(program.ended)
		defer tell()
		program.token, program.err = config.DeviceAccessToken(ctx, shown)
	}()
	return program
}

// answered is what the program gets once a person has pressed the button and read that.
func (program *waiting) answered(t *testing.T, button, says string) (*oauth2.Token, error) {
	t.Helper()
	lets(t, button, program.shown.VerificationURIComplete, says)
	<-program.ended
	return program.token, program.err
}

// lets a device in, or does not: which button a person presses there, and reads what.
func lets(t *testing.T, button, link, says string) {
	t.Helper()
	seen := presses(t, button, "ada", link)
	if seen.Status != http.StatusOK || !strings.Contains(seen.Body, says) {
		t.Fatalf("the person ended at %s (%d): %.500s", seen.URL, seen.Status, seen.Body)
	}
}

// opensEnvironments sends the token to latchkey's own API.
func opensEnvironments(t *testing.T, as *http.Client) {
	t.Helper()
	response, err := as.Get(issuer + "/oauth/environments")
	must(t, err)
	read(t, response, http.StatusOK, new(any))
}

// after calls back when a request was answered.
type after func()

func (called after) RoundTrip(request *http.Request) (*http.Response, error) {
	defer called()
	return http.DefaultTransport.RoundTrip(request)
}
