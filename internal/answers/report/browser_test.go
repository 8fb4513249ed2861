package report

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The tests with a browser are for whoever changes the page, and no part of the gate,
// which has no browser:
//
//	REPORT_BROWSER=chromium REPORT_PAGE=tenant.html go test ./internal/answers/report -run Browser
//
// REPORT_SHOTS names a folder for pictures of the page.

// browser is a headless Chromium that shows one page, told what to do over pipes.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
	// errors are what the page's console said.
	errors []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	program := os.Getenv("REPORT_BROWSER")
	if program == "" {
		t.Skip("REPORT_BROWSER names no browser")
	}
	read, to, err := os.Pipe()
	require.NoError(t, err)
	from, write, err := os.Pipe()
	require.NoError(t, err)
	flags := []string{"--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "about:blank"}
	cmd := exec.CommandContext(t.Context(), program, flags...) //nolint:gosec // The developer names it.
	cmd.ExtraFiles = []*os.File{read, write}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = to.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// call asks the browser for something, and waits for the answer.
func (b *browser) call(method string, params, answer any) {
	b.t.Helper()
	b.last++
	message := map[string]any{"id": b.last, "method": method, "params": params}
	if params == nil {
		message["params"] = map[string]any{}
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	raw, err := json.Marshal(message)
	require.NoError(b.t, err)
	_, err = b.to.Write(append(raw, 0))
	require.NoError(b.t, err)
	for {
		raw, err := b.from.ReadBytes(0)
		require.NoError(b.t, err)
		var got struct {
			ID     int
			Method string
			Params json.RawMessage
			Result json.RawMessage
			Error  json.RawMessage
		}
		require.NoError(b.t, json.Unmarshal(raw[:len(raw)-1], &got))
		switch {
		case got.Method == "Log.entryAdded", got.Method == "Runtime.exceptionThrown":
			b.errors = append(b.errors, string(got.Params))
		case got.ID == b.last:
			require.Empty(b.t, string(got.Error), method)
			if answer != nil {
				require.NoError(b.t, json.Unmarshal(got.Result, answer))
			}
			return
		}
	}
}

// ask evaluates an expression in the page.
func (b *browser) ask(expression string) any {
	b.t.Helper()
	var got struct {
		Result struct{ Value any }
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &got)
	return got.Result.Value
}

// wait waits until an expression is true, and gives how long that took.
func (b *browser) wait(expression string) time.Duration {
	b.t.Helper()
	start := time.Now()
	for b.ask("Boolean("+expression+")") != true {
		require.Less(b.t, time.Since(start), 30*time.Second, "it never happens: %s; the page said %v", expression, b.errors)
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(start)
}

func (b *browser) open(width, height int, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	page, err := filepath.Abs(os.Getenv("REPORT_PAGE"))
	require.NoError(b.t, err)
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.call("Page.navigate", map[string]any{"url": "file://" + page}, nil)
}

// press presses keys as a person does: names of keys, or letters.
func (b *browser) press(keys ...string) {
	b.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38}
	for _, key := range keys {
		event := map[string]any{"type": "keyDown", "key": key}
		if code, named := codes[key]; named {
			event["windowsVirtualKeyCode"], event["code"] = code, key
			if key == "Enter" {
				event["text"] = "\r"
			}
		} else {
			event["text"] = key
		}
		b.call("Input.dispatchKeyEvent", event, nil)
		event["type"] = "keyUp"
		delete(event, "text")
		b.call("Input.dispatchKeyEvent", event, nil)
	}
}

func (b *browser) write(text string) {
	b.t.Helper()
	for _, letter := range text {
		b.press(string(letter))
	}
}

// shoot keeps a picture, if somebody wants pictures.
func (b *browser) shoot(name string) {
	b.t.Helper()
	folder := os.Getenv("REPORT_SHOTS")
	if folder == "" {
		return
	}
	var picture struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &picture)
	raw, err := base64.StdEncoding.DecodeString(picture.Data)
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(folder, name+".png"), raw, 0o600)) //nolint:gosec // The developer names the folder.
}

const readyPage = "document.documentElement.dataset.ready === 'true'"

func TestBrowserShowsThePageWithoutTroubleAtAnyWidth(t *testing.T) {
	b := newBrowser(t)
	for _, width := range []int{1280, 400} {
		for _, dark := range []bool{false, true} {
			name := fmt.Sprintf("%d-%v", width, dark)
			start := time.Now()
			b.open(width, 900, dark)
			b.wait("document.querySelector('.tile')")
			shown := time.Since(start)
			b.wait(readyPage)
			t.Logf("%s: first shown after %v, everything after %v", name, shown, time.Since(start))
			require.Less(t, shown, 3*time.Second)
			require.Equal(t, "", b.ask("document.getElementById('trouble').textContent"))
			require.LessOrEqual(t, b.ask("document.documentElement.scrollWidth"), float64(width), "the page is wider than the screen")
			b.shoot("overview-" + name)
			for _, section := range []string{"privileged", "paths", "applications", "credentials", "guests", "licences", "groups"} {
				b.ask("location.hash = '" + section + "'")
				b.ask("new Promise((r) => setTimeout(r, 150))")
				b.shoot(section + "-" + name)
			}
		}
	}
	require.Empty(t, b.errors)
}

func TestBrowserReachesAPersonAndAPathByKeyboardAlone(t *testing.T) {
	b := newBrowser(t)
	b.open(1280, 900, false)
	b.wait(readyPage)
	person, _ := b.ask(`(() => { const s = JSON.parse(document.getElementById("summary").textContent);
		const k = s.known.find((o) => o.type === "user" && o.login && s.roles.some((r) => r.holders.some((h) => h.who === o.n))); return k.login + "\n" + k.name; })()`).(string)
	login, name, _ := strings.Cut(person, "\n")

	b.press("Tab")
	require.Equal(t, "Skip to the report", b.ask("document.activeElement.textContent"))
	b.press("Enter")
	require.Equal(t, "main", b.ask("document.activeElement.id"))
	b.press("/")
	require.Equal(t, "q", b.ask("document.activeElement.id"))
	start := time.Now()
	b.write(login)
	b.wait("document.querySelector('#found [role=option]')")
	t.Logf("search: %v", time.Since(start))
	require.Equal(t, "true", b.ask("document.getElementById('q').getAttribute('aria-expanded')"))
	b.press("ArrowDown")
	require.Equal(t, "option0", b.ask("document.getElementById('q').getAttribute('aria-activedescendant')"))
	b.shoot("search")
	b.press("Enter")
	b.wait("document.querySelector('#view h1') && !document.querySelector('#view [role=status]:not(.status)')")
	require.Contains(t, b.ask("document.querySelector('#view h1').textContent"), name)
	require.Equal(t, "H1", b.ask("document.activeElement.tagName"), "whoever reads the page aloud is not told that it has changed")
	require.Contains(t, b.ask("document.getElementById('view').textContent"), "Directory roles")
	b.shoot("person")
	// Everything on the page of a person is reached with the tab key.
	targets, _ := b.ask("[...document.querySelectorAll('#view a, #view button, #view input, #view summary')].filter((e) => e.checkVisibility()).length").(float64)
	reached := map[any]bool{}
	b.ask("[...document.querySelectorAll('#view a, #view button, #view input, #view summary')].filter((e) => e.checkVisibility()).forEach((e, i) => { e.dataset.nth = i; })")
	for range int(targets) + 2 {
		b.press("Tab")
		if nth := b.ask("document.activeElement.dataset.nth || document.activeElement.getAttribute('data-nth')"); nth != nil {
			reached[nth] = true
		}
	}
	require.Len(t, reached, int(targets))

	if b.ask("JSON.parse(document.getElementById('summary').textContent).paths.length > 0") == true {
		b.ask("location.hash = 'paths'")
		b.ask("new Promise((r) => setTimeout(r, 200))")
		b.ask("document.querySelector('#paths svg a').focus()")
		where := b.ask("location.hash")
		b.press("Enter")
		b.wait(fmt.Sprintf("location.hash !== %q", where))
		b.wait("document.querySelector('#view h1')")
	}
	require.Equal(t, "", b.ask("document.getElementById('trouble').textContent"))
	require.Empty(t, b.errors)
}
