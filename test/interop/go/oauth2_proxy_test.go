package interop

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The program itself, with the arguments that its page on OpenID Connect has.
func TestOAuth2Proxy(t *testing.T) {
	client := driving("oauth2-proxy", "github.com/oauth2-proxy/oauth2-proxy/v7")
	isVerified(t)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(r.Header)
	}))
	defer upstream.Close()

	client.gets(t, "a login through the proxy: who they are reaches the site", func(t *testing.T) {
		proxy := startProxy(t, upstream.URL)
		seen := throughProxy(t, proxy, "proxy")
		equal(t, "e-mail", seen.Get("X-Forwarded-Email"), ada.Email)
		equal(t, "user name", seen.Get("X-Forwarded-Preferred-Username"), ada.Username)
		equal(t, "that there is a user", seen.Get("X-Forwarded-User") != "", true)
		// Its cookie is enough now.
		again := upstreamSaw(t, visits(t, "proxy", proxy+"/another"))
		equal(t, "the user", again.Get("X-Forwarded-User"), seen.Get("X-Forwarded-User"))
	})
	client.gets(t, "who is of a group that it lets in (--allowed-group), and nobody else", func(t *testing.T) {
		scope := "--scope=openid email profile groups"
		seen := throughProxy(t, startProxy(t, upstream.URL, scope, "--allowed-group=acme:admin"), "admitted")
		equal(t, "groups", seen.Get("X-Forwarded-Groups"), "acme,acme:admin")
		refused := visits(t, "refused", startProxy(t, upstream.URL, scope, "--allowed-group=acme:member")+"/oauth2/start?rd=/")
		equal(t, "the status", refused.Status, http.StatusForbidden)
	})
	client.gets(t, "PKCE, where it is told to, and a refresh at each request", func(t *testing.T) {
		proxy := startProxy(t, upstream.URL, "--code-challenge-method=S256", "--scope=openid email profile offline_access",
			"--pass-access-token", "--cookie-refresh=1ms")
		first := throughProxy(t, proxy, "refreshing")
		// It counts in whole seconds.
		for range 100 {
			next := upstreamSaw(t, visits(t, "refreshing", proxy+"/"))
			equal(t, "the user", next.Get("X-Forwarded-User"), first.Get("X-Forwarded-User"))
			if next.Get("X-Forwarded-Access-Token") != first.Get("X-Forwarded-Access-Token") {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Error("there is no other access token")
	})
	client.gets(t, "id_tokens as bearer tokens (--skip-jwt-bearer-tokens), none that was damaged", func(t *testing.T) {
		proxy := startProxy(t, upstream.URL, "--skip-jwt-bearer-tokens", "--pass-authorization-header")
		bearer := throughProxy(t, proxy, "bearer").Get("Authorization")
		for token, status := range map[string]int{bearer: http.StatusOK, bearer[:len(bearer)-8] + "AAAAAAAA": http.StatusForbidden} {
			request, err := http.NewRequest("GET", proxy+"/", nil)
			must(t, err)
			request.Header.Set("Authorization", token)
			response, err := http.DefaultClient.Do(request)
			must(t, err)
			response.Body.Close()
			equal(t, "the status", response.StatusCode, status)
		}
	})
}

// isVerified has the administrator say that the address which Ada entered is hers: the proxy lets nobody in by another.
func isVerified(t *testing.T) {
	t.Helper()
	var told struct{ Token string }
	get(t, stage+"/", &told)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(told.Token, ".")[1])
	must(t, err)
	var claims struct{ Sub string }
	must(t, json.Unmarshal(payload, &claims))
	link := issuer + "/v1/people/" + claims.Sub + "/verified_email"
	request, err := http.NewRequest("PUT", link, strings.NewReader(`{"email":"`+ada.Email+`"}`))
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+told.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	var saved struct{ Email string }
	read(t, response, http.StatusOK, &saved)
}

// throughProxy signs somebody in and answers what reached the site behind the proxy.
func throughProxy(t *testing.T, proxy, person string) http.Header {
	t.Helper()
	return upstreamSaw(t, visits(t, person, proxy+"/oauth2/start?rd=/"))
}

func upstreamSaw(t *testing.T, seen visit) http.Header {
	t.Helper()
	var headers http.Header
	if seen.Status != http.StatusOK || json.Unmarshal([]byte(seen.Body), &headers) != nil {
		t.Fatalf("the person ended at %s (%d): %.500s", seen.URL, seen.Status, seen.Body)
	}
	return headers
}

// startProxy answers the proxy's origin.
func startProxy(t *testing.T, upstream string, more ...string) string {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	origin := "http://" + address
	made := newClient(t, map[string]any{
		"name":          "oauth2-proxy at " + address,
		"redirect_urls": []string{origin + "/oauth2/callback"},
		"scopes":        []string{"openid", "email", "profile", "groups", "offline_access"},
	})
	command := exec.Command(os.Getenv("OAUTH2_PROXY"), append([]string{
		"--http-address=" + address,
		"--provider=oidc",
		"--provider-display-name=latchkey",
		"--client-id=" + made.ID,
		"--client-secret=" + made.Secret,
		"--redirect-url=" + origin + "/oauth2/callback",
		"--oidc-issuer-url=" + issuer,
		"--cookie-secure=false",
		"--cookie-secret=0123456789abcdef",
		"--email-domain=*",
		"--upstream=" + upstream,
	}, more...)...)
	var output strings.Builder
	command.Stdout, command.Stderr = &output, &output
	must(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	for range 200 {
		if response, err := http.Get(origin + "/ping"); err == nil {
			response.Body.Close()
			return origin
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("oauth2-proxy does not start")
	return ""
}
