package interop

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The module's own command for a device, with the environment that its head has.
func TestZitadelDevice(t *testing.T) {
	client := driving("zitadel", "github.com/zitadel/oidc/v3")

	client.gets(t, "its command for a device (example/client/device): shows a code, is let in, refreshes, revokes", func(t *testing.T) {
		said, err := device(t, aProgram(t).ClientID, "", "Allow", "Go back to your device")
		if err != nil || !strings.Contains(said, "token revoked") {
			t.Errorf("%v: %s", err, said)
		}
	})
	client.gets(t, "the same with a secret", func(t *testing.T) {
		made := newClient(t, map[string]any{"device_authorization": true, "redirect_urls": []string{}, "scopes": []string{"openid", "email"}})
		said, err := device(t, made.ID, made.Secret, "Allow", "Go back to your device")
		if err != nil || !strings.Contains(said, "token revoked") {
			t.Errorf("%v: %s", err, said)
		}
	})
	client.gets(t, "the same ends with access_denied, where the person does not let it in", func(t *testing.T) {
		said, err := device(t, aProgram(t).ClientID, "", "Deny", "It was not let in")
		if err == nil || !strings.Contains(said, "access_denied") {
			t.Errorf("%v: %s", err, said)
		}
	})
}

// device is what the program says of itself, when a person has read what it shows and pressed the button.
func device(t *testing.T, id, secret, button, says string) (string, error) {
	t.Helper()
	command := exec.Command(os.Getenv("ZITADEL_DEVICE"))
	command.Env = append(os.Environ(), "ISSUER="+issuer, "CLIENT_ID="+id, "CLIENT_SECRET="+secret, "SCOPES=openid email")
	var log bytes.Buffer
	command.Stderr = &log
	output, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	shown := bufio.NewReader(output)
	var page, code string
	for page == "" {
		line, err := shown.ReadString('\n')
		_, _ = fmt.Sscanf(line, "Please browse to %s and enter code %s", &page, &code)
		if err != nil {
			break
		}
	}
	if code != "" {
		lets(t, button, page+"?"+url.Values{"user_code": {code}}.Encode(), says)
	}
	_, _ = io.Copy(io.Discard, shown)
	err = command.Wait()
	return log.String(), err
}
