package interop

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

const (
	snippetResource = "https://go-snippet.example/v1"
	otherResource   = "https://other-go-snippet.example/v1"
)

// The program of docs/verifying.md in Go, as it stands there but for the names, for tokens of an API of somebody's.
func TestAPISnippet(t *testing.T) {
	client := driving(".", "github.com/coreos/go-oidc/v3")
	newAPI(t, snippetResource, "go-snippet:read", "go-snippet:write")
	newAPI(t, otherResource, "other-go-snippet:read")
	client.gets(t, "the program of an API's page: claims and permissions; not another API's token, nor another permission", func(t *testing.T) {
		verify := snippet(t)
		token := tokenFor(t, snippetResource, "go-snippet:read")
		claims, err := verify(token, "go-snippet:read")
		must(t, err)
		equal(t, "what it permits", strings.Contains(claims, "go-snippet:read"), true)
		for what, failed := range map[string][]string{
			"insufficient_scope":  {token, "go-snippet:read", "go-snippet:write"},
			"expected audience":   {tokenFor(t, otherResource, "other-go-snippet:read")},
			"not an access token": {"eyJhbGciOiJFUzI1NiJ9.e30.AA"},
			"bound to a key":      {boundTokenFor(t, snippetResource, "go-snippet:read")},
		} {
			_, err := verify(failed[0], failed[1:]...)
			if err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// snippet is a program that has the page's package, built beside go.mod, which says which version of go-oidc it is.
func snippet(t *testing.T) func(token string, needed ...string) (string, error) {
	t.Helper()
	page, err := os.ReadFile("../../../docs/verifying.md")
	must(t, err)
	found := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(page)
	text := strings.NewReplacer("https://auth.example.com", issuer, "https://orders.example.com/v1", snippetResource).Replace(string(found[1]))
	folder, err := os.MkdirTemp(".", "snippet")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	must(t, os.Mkdir(filepath.Join(folder, "access"), 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "access", "access.go"), []byte(text), 0o644))
	main := fmt.Sprintf(`package main

import (
	"context"
	"fmt"
	"os"

	"latchkey/test/interop/go/%s/access"
)

func main() {
	claims, err := access.Verify(context.Background(), os.Args[1], os.Args[2:]...)
	if err != nil {
		fmt.Fprint(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%%+v", *claims)
}
`, filepath.Base(folder))
	must(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(main), 0o644))
	program := filepath.Join(t.TempDir(), "snippet")
	if said, err := exec.Command("go", "build", "-o", program, "./"+filepath.Base(folder)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return func(token string, needed ...string) (string, error) {
		var out, complaint bytes.Buffer
		run := exec.Command(program, append([]string{token}, needed...)...)
		run.Stdout, run.Stderr = &out, &complaint
		if err := run.Run(); err != nil {
			return "", fmt.Errorf("%w: %s", err, complaint.String())
		}
		return out.String(), nil
	}
}

func newAPI(t *testing.T, identifier string, names ...string) {
	t.Helper()
	permissions := make([]map[string]any, 0, len(names))
	for _, name := range names {
		permissions = append(permissions, map[string]any{"name": name, "title": "May do " + name, "members": true})
	}
	body, err := json.Marshal(map[string]any{"identifier": identifier, "name": identifier, "permissions": permissions})
	must(t, err)
	response, err := http.Post(stage+"/apis", "application/json", bytes.NewReader(body))
	must(t, err)
	read(t, response, http.StatusCreated, &map[string]any{})
}

// tokenFor is an access token for an API, which a person allowed.
func tokenFor(t *testing.T, resource, permission string) string {
	t.Helper()
	return allowed(context.Background(), t, resource, permission)
}

// boundTokenFor is the same for a client that proves to have a key (RFC 9449 §5).
func boundTokenFor(t *testing.T, resource, permission string) string {
	t.Helper()
	client := &http.Client{Transport: proving{proof(t)}}
	return allowed(context.WithValue(context.Background(), oauth2.HTTPClient, client), t, resource, permission)
}

type proving struct{ proof string }

func (p proving) RoundTrip(request *http.Request) (*http.Response, error) {
	request.Header.Set("DPoP", p.proof)
	return http.DefaultTransport.RoundTrip(request)
}

// proof is one for a token request (RFC 9449 §4.2).
func proof(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	point, err := key.PublicKey.Bytes()
	must(t, err)
	encode := base64.RawURLEncoding.EncodeToString
	jwk := map[string]string{"kty": "EC", "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:])}
	header, err := json.Marshal(map[string]any{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk})
	must(t, err)
	claims, err := json.Marshal(map[string]any{
		"jti": rand.Text(), "htm": "POST", "htu": issuer + "/oauth/token", "iat": time.Now().Unix(),
	})
	must(t, err)
	text := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	must(t, err)
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + encode(signature)
}

func allowed(ctx context.Context, t *testing.T, resource, permission string) string {
	t.Helper()
	made := newClient(t, map[string]any{"name": rand.Text(), "scopes": []string{"openid", permission}})
	config := oauth2.Config{
		ClientID:     made.ID,
		ClientSecret: made.Secret,
		RedirectURL:  callback,
		Endpoint:     discovered(t).Endpoint(),
		Scopes:       []string{"openid", permission},
	}
	link := config.AuthCodeURL("s", oauth2.SetAuthURLParam("resource", resource))
	token, err := config.Exchange(ctx, visits(t, "ada", link).sentBack(t).Get("code"))
	must(t, err)
	return token.AccessToken
}
