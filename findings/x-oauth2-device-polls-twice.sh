#!/usr/bin/env bash
# golang.org/x/oauth2 v0.38.0: the device authorization grant (RFC 8628) of a client without a secret.
#
# Config.DeviceAccessToken polls. Where no AuthStyle is set (discovery documents do not say one, so that none of the guides sets it), it
# asks the token endpoint by Basic with an empty password, and where that is an error, at once a second time with the client_id in the
# body; which of the two works it remembers only after a success. `authorization_pending` is an error. So each poll is two requests a
# few milliseconds apart, to a server that counts the second one is too fast, and answers slow_down as RFC 8628 section 3.5 has it: the
# interval grows by five seconds at each poll, and the program lets its person wait longer the longer they took. With
# AuthStyleInParams a poll is one request.
#
#> as it comes: 1s later, Basic with an empty password: authorization_pending
#> as it comes: 0s later, client_id in the body: slow_down
#> as it comes: 6s later, Basic with an empty password: authorization_pending
#> as it comes: 0s later, client_id in the body: slow_down
#> as it comes: 11s later, Basic with an empty password: let in
#> AuthStyleInParams: 1s later, client_id in the body: authorization_pending
#> AuthStyleInParams: 1s later, client_id in the body: authorization_pending
#> AuthStyleInParams: 1s later, client_id in the body: authorization_pending
#> AuthStyleInParams: 1s later, client_id in the body: authorization_pending
#> AuthStyleInParams: 1s later, client_id in the body: let in
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
mkdir "$folder/module" "$folder/tmp" && cd "$folder/module"
export TMPDIR=$folder/tmp GOPATH=$folder/go GOFLAGS=-mod=mod

cat > go.mod <<'MOD'
module finding

go 1.26.0

require golang.org/x/oauth2 v0.38.0
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"golang.org/x/oauth2"
)

func run(title string, style oauth2.AuthStyle) {
	var last time.Time
	polls := 0
	interval := time.Second
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, status int, body map[string]any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(body)
	}
	mux.HandleFunc("/device", func(w http.ResponseWriter, r *http.Request) {
		last = time.Now()
		answer(w, 200, map[string]any{"device_code": "code", "user_code": "WDJB-MJHT", "verification_uri": "https://as.example/device", "expires_in": 600, "interval": 1})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		polls++
		way := "client_id in the body"
		if _, _, ok := r.BasicAuth(); ok {
			way = "Basic with an empty password"
		}
		now := time.Now()
		gap := now.Sub(last)
		last = now
		said := "authorization_pending"
		if gap < interval-100*time.Millisecond {
			said = "slow_down"
			interval += 5 * time.Second
		}
		if polls >= 5 {
			fmt.Printf("%s: %ds later, %s: let in\n", title, int(gap.Seconds()+0.5), way)
			answer(w, 200, map[string]any{"access_token": "token", "token_type": "Bearer"})
			return
		}
		fmt.Printf("%s: %ds later, %s: %s\n", title, int(gap.Seconds()+0.5), way, said)
		answer(w, 400, map[string]any{"error": said})
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	config := oauth2.Config{ClientID: "program", Endpoint: oauth2.Endpoint{DeviceAuthURL: server.URL + "/device", TokenURL: server.URL + "/token", AuthStyle: style}}
	device, err := config.DeviceAuth(context.Background())
	if err != nil {
		panic(err)
	}
	if _, err := config.DeviceAccessToken(context.Background(), device); err != nil {
		fmt.Println(title+":", err)
	}
}

func main() {
	run("as it comes", oauth2.AuthStyleAutoDetect)
	run("AuthStyleInParams", oauth2.AuthStyleInParams)
}
GO
go run . 2> log | tee seen || cat log
diff <(echo "$expected") seen
