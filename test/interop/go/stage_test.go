package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"testing"
)

var (
	issuer = os.Getenv("LATCHKEY_ISSUER")
	stage  = os.Getenv("LATCHKEY_STAGE")
)

// Nobody listens there: a visit ends with what was sent to it.
const callback = "http://127.0.0.1:9/callback"

// visit is what a person saw last, having signed in and allowed what was asked.
type visit struct {
	URL    string
	Status int
	Body   string
}

func visits(t *testing.T, person, link string) visit {
	t.Helper()
	return presses(t, "Allow", person, link)
}

// presses has the person answer by another button.
func presses(t *testing.T, button, person, link string) visit {
	t.Helper()
	var seen visit
	get(t, stage+"/visit?"+url.Values{"url": {link}, "person": {person}, "press": {button}}.Encode(), &seen)
	return seen
}

// sentBack is the query that a client's callback got.
func (v visit) sentBack(t *testing.T) url.Values {
	t.Helper()
	at, err := url.Parse(v.URL)
	if err != nil || at.Query().Get("code") == "" {
		t.Fatalf("the person ended at %s (%d): %.500s", v.URL, v.Status, v.Body)
	}
	return at.Query()
}

type client struct {
	ID     string `json:"client_id"`
	Secret string `json:"client_secret"`
}

// newClient registers one as an administrator does, with nothing beyond what is said here.
func newClient(t *testing.T, members map[string]any) client {
	t.Helper()
	all := map[string]any{"name": t.Name(), "kind": "application", "redirect_urls": []string{callback}}
	for name, value := range members {
		all[name] = value
	}
	body, err := json.Marshal(all)
	must(t, err)
	response, err := http.Post(stage+"/clients", "application/json", bytes.NewReader(body))
	must(t, err)
	var made client
	read(t, response, http.StatusCreated, &made)
	return made
}

func get(t *testing.T, link string, into any) {
	t.Helper()
	response, err := http.Get(link)
	must(t, err)
	read(t, response, http.StatusOK, into)
}

func read(t *testing.T, response *http.Response, status int, into any) {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	if response.StatusCode != status {
		t.Fatalf("%s answered %d: %s", response.Request.URL, response.StatusCode, body)
	}
	must(t, json.Unmarshal(body, into))
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}
