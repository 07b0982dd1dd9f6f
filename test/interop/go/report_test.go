package interop

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// driven is a line of docs/clients.md: a client, and what it was seen to get done.
type driven struct {
	Client   string   `json:"client"`
	Version  string   `json:"version"`
	Language string   `json:"language"`
	Needs    []string `json:"needs"`
	Works    []string `json:"works"`
}

var report struct {
	Passed  int       `json:"numPassedTests"`
	Failed  int       `json:"numFailedTests"`
	Broken  int       `json:"numFailedTestSuites"`
	Clients []*driven `json:"clients"`
}

// TestMain writes to REPORT what was seen.
func TestMain(m *testing.M) {
	// Without a test that says why, something in the file went wrong.
	if code := m.Run(); code != 0 && report.Failed == 0 {
		report.Broken = 1
	}
	text, err := json.MarshalIndent(report, "", "\t")
	if err == nil {
		err = os.WriteFile(os.Getenv("REPORT"), text, 0o644)
	}
	if err != nil {
		fmt.Println(err)
	}
	if err != nil || report.Failed+report.Broken > 0 {
		os.Exit(1)
	}
}

// driving is what tests of this module are told to; the folder's go.mod says which version it is. It comes as it is, but for
// what it needs: a setting, and why.
func driving(folder, module string, needs ...string) *driven {
	for _, each := range report.Clients {
		if each.Client == module {
			return each
		}
	}
	client := &driven{Client: module, Version: versionOf(folder, module), Language: "Go", Needs: append([]string{}, needs...), Works: []string{}}
	report.Clients = append(report.Clients, client)
	return client
}

// gets is a test, by what the client gets done in it.
func (client *driven) gets(t *testing.T, done string, how func(t *testing.T)) {
	t.Helper()
	if t.Run(done, how) {
		report.Passed++
		client.Works = append(client.Works, done)
		fmt.Printf("ok: %s %s: %s\n", client.Client, client.Version, done)
	} else {
		report.Failed++
		fmt.Printf("FAILED: %s %s: %s\n", client.Client, client.Version, done)
	}
}

// The program of a test does not know versions by itself.
func versionOf(folder, module string) string {
	version, err := exec.Command("go", "list", "-C", folder, "-m", "-f", "{{.Version}}", module).Output()
	if err != nil {
		panic(folder + "/go.mod has no " + module)
	}
	return strings.TrimPrefix(strings.TrimSpace(string(version)), "v")
}
