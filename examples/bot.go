// Posts a text on X with Go's standard library alone. The keys come from the environment, and twvault puts them there:
//
//	twvault exec -- go run examples/bot.go                   which account is it?
//	twvault exec -- go run examples/bot.go 'Hello, world'    post as that account
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

const api = "https://api.x.com"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bot:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	keys, err := keysFromEnvironment()
	if err != nil {
		return err
	}
	var me struct{ Data struct{ Username string } }
	if err := keys.call("GET", "/2/users/me", nil, &me); err != nil {
		return err
	}
	if len(args) == 0 {
		fmt.Printf("these are the keys of @%s\n", me.Data.Username)
		return nil
	}
	if err := keys.call("POST", "/2/tweets", map[string]string{"text": args[0]}, nil); err != nil {
		return err
	}
	fmt.Printf("posted as @%s: %s\n", me.Data.Username, args[0])
	return nil
}

// Keys are the four of OAuth 1.0a.
type Keys struct{ apiKey, apiSecret, accessToken, accessTokenSecret string }

func keysFromEnvironment() (Keys, error) {
	var keys Keys
	for name, key := range map[string]*string{
		"TWITTER_API_KEY":             &keys.apiKey,
		"TWITTER_API_SECRET":          &keys.apiSecret,
		"TWITTER_ACCESS_TOKEN":        &keys.accessToken,
		"TWITTER_ACCESS_TOKEN_SECRET": &keys.accessTokenSecret,
	} {
		if *key = os.Getenv(name); *key == "" {
			return keys, fmt.Errorf("%s is not set\nbot: run: twvault exec -- go run examples/bot.go", name)
		}
	}
	return keys, nil
}

// call sends a request that these keys sign, and reads the answer. A body of JSON is not part of the signature.
func (keys Keys) call(method, path string, body, answer any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, api+path, &content)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", keys.authorization(method, api+path))
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("X did not take it: %s %s", response.Status, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// authorization is the header of RFC 5849 for a request without parameters of its own.
func (keys Keys) authorization(method, address string) string {
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		panic(err)
	}
	parameters := map[string]string{
		"oauth_consumer_key":     keys.apiKey,
		"oauth_nonce":            hex.EncodeToString(nonce),
		"oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp":        strconv.FormatInt(time.Now().Unix(), 10),
		"oauth_token":            keys.accessToken,
		"oauth_version":          "1.0",
	}
	base := strings.Join([]string{method, escaped(address), escaped(joined(parameters, "%s=%s", "&"))}, "&")
	mac := hmac.New(sha1.New, []byte(escaped(keys.apiSecret)+"&"+escaped(keys.accessTokenSecret)))
	mac.Write([]byte(base))
	parameters["oauth_signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return "OAuth " + joined(parameters, `%s="%s"`, ", ")
}

// joined lists parameters in the order of their names.
func joined(parameters map[string]string, format, separator string) string {
	pairs := make([]string, 0, len(parameters))
	for name, value := range parameters {
		pairs = append(pairs, fmt.Sprintf(format, escaped(name), escaped(value)))
	}
	sort.Strings(pairs)
	return strings.Join(pairs, separator)
}

// escaped leaves RFC 3986's unreserved characters alone.
func escaped(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
