package progress

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Messages of the SDK (v0.26.0) that say which step is on. If they change, the
// line says less.
const (
	sdkGrants    = "Syncing grants..."
	sdkExpanding = "Expanding grants..."
)

// sdkClosing is what the SDK logs when it is not the first to end its processes,
// and canceled is in what its layers log of calls that were given up. Neither says
// why a sync ended.
const (
	sdkClosing = "error closing connector wrapper"
	canceled   = "context canceled"
)

// What a terminal understands: back to the first column, and clear to the end.
const clearLine = "\r\x1b[K"

// A report that is older than this no longer says what is going on.
const stale = 5 * time.Second

// Screen shows a person what the processes of a sync write: their log lines
// become one line that changes, with warnings above it. It is for a terminal.
type Screen struct {
	to    io.Writer
	now   func() time.Time
	width func() int

	mu       sync.Mutex
	start    time.Time
	step     string
	reported time.Time
	shown    bool
	hushed   bool
	summary  summary
	// said are the failures that were shown, and unsaid is the SDK's last one,
	// which is shown only if no other comes. Both are Follow's own.
	said   map[string]bool
	unsaid string
}

// NewScreen shows on to, whose width in columns is asked for each time; 0 if it
// is not known.
func NewScreen(to io.Writer, width func() int) *Screen {
	return newScreen(to, width, time.Now)
}

func newScreen(to io.Writer, width func() int, now func() time.Time) *Screen {
	return &Screen{to: to, now: now, width: width, start: now(), step: "signing in", said: map[string]bool{}}
}

// Follow shows what is read until it ends. The clock goes on where nothing
// comes.
func (s *Screen) Follow(from io.Reader) error {
	ended, ticking := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ticking)
		tick := time.NewTicker(Interval)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
				s.draw()
			}
		}
	}()
	defer func() {
		close(ended)
		<-ticking
		s.clear()
	}()
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			s.take(strings.TrimRight(line, "\r\n"))
		}
		if err == io.EOF {
			if len(s.said) == 0 && s.unsaid != "" {
				s.print(s.unsaid)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading what the sync says: %w", err)
		}
	}
}

// entry is a line of the log.
type entry struct {
	Level   string  `json:"level"`
	Message string  `json:"msg"`
	Error   string  `json:"error"`
	Report  *Report `json:"report"`
}

// noise is what the store's library writes past the log.
var noise = regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d Found \d+ WALs$`)

// take shows one line that a process has written.
func (s *Screen) take(line string) {
	var e entry
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &e) != nil {
		if line != "" && !noise.MatchString(line) {
			s.printOnce(WithoutRelay(line)) // A code to sign in with, or how it ended.
		}
		return
	}
	switch {
	case e.Level == "warn":
		s.print("warning: " + e.Message + details(line))
	case e.Level == "error" && strings.Contains(e.Error, ours):
		s.printOnce(WithoutRelay(e.Error))
	case e.Level == "error" && e.Message != sdkClosing && !strings.Contains(e.Error, canceled):
		s.unsaid = e.Message + ": " + e.Error
	case e.Level == "info":
		s.note(&e, line)
	}
}

// Hush is for who has ended the sync: from now on nothing is said of how it ends, which
// its processes report each in their own way, but that it does.
func (s *Screen) Hush() {
	s.mu.Lock()
	s.hushed, s.step, s.reported = true, "ending, and keeping what has been read", time.Time{}
	s.mu.Unlock()
	s.draw()
}

// note takes what an information line says of the progress.
func (s *Screen) note(e *entry, line string) {
	s.mu.Lock()
	if s.hushed {
		s.mu.Unlock()
		return
	}
	switch e.Message {
	case sdkGrants:
		s.step = "reading who has what"
	case sdkExpanding:
		s.step, s.reported = "working out what is held through groups, and writing the snapshot", time.Time{}
	case MessageReport:
		if e.Report != nil {
			s.step, s.reported = e.Report.line(), s.now()
		}
	default:
		s.summary.take(e.Message, line)
	}
	s.mu.Unlock()
	s.draw()
}

// draw shows the line that changes.
func (s *Screen) draw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	said := s.step
	if !s.reported.IsZero() && s.now().Sub(s.reported) > stale {
		said = "storing what was read"
	}
	said = clock(s.now().Sub(s.start)) + "  " + said
	if width := s.width(); width > 0 {
		said = fit(said, width-1)
	}
	fmt.Fprint(s.to, clearLine+said)
	s.shown = true
}

// print shows a line that stays.
func (s *Screen) print(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hushed {
		return
	}
	if s.shown {
		fmt.Fprint(s.to, clearLine)
	}
	s.shown = false
	fmt.Fprintln(s.to, strings.Map(harmless, line))
}

// harmless takes away from a line what would move the cursor or change colours:
// words of others can be in it.
func harmless(r rune) rune {
	if r == '\n' || unicode.IsGraphic(r) {
		return r
	}
	return unicode.ReplacementChar
}

// printOnce is print for what the SDK says up to four times: each of its layers
// logs a failure, and the last line may not come.
func (s *Screen) printOnce(line string) {
	if !s.said[line] {
		s.said[line] = true
		s.print(line)
	}
}

func (s *Screen) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown {
		fmt.Fprint(s.to, clearLine)
	}
	s.shown = false
}

// Summarize shows, once a snapshot is in its place, what the sync read.
func (s *Screen) Summarize(snapshot string) {
	s.mu.Lock()
	s.hushed = false // It was finished before it was to end.
	said := s.summary.text(s.now().Sub(s.start)) + "\n" + pathLine(snapshot)
	s.mu.Unlock()
	s.print(said)
}

// ours begins the connector's own part of an error that the SDK passes on.
const ours = "baton-azure-ad: "

// WithoutRelay is an error's text without those who passed it on.
func WithoutRelay(line string) string {
	if i := strings.LastIndex(line, ours); i >= 0 {
		return line[i+len(ours):]
	}
	return line
}

// logKeys are the fields of a log line that say where it comes from.
var logKeys = []string{"level", "ts", "caller", "msg", "logger", "stacktrace", "peer.address", "trace_id", "span_id", "system", "span.kind"}

// details are a log line's own fields, in the order of their names.
func details(line string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) != nil {
		return ""
	}
	var said []string
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(logKeys, key) && !strings.HasPrefix(key, "grpc.") {
			said = append(said, fmt.Sprintf("%s: %v", strings.ReplaceAll(key, "_", " "), fields[key]))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return " (" + strings.Join(said, "; ") + ")"
}

// fit cuts a line to so many columns.
func fit(line string, columns int) string {
	runes := []rune(line)
	if columns < 1 || len(runes) <= columns {
		return line
	}
	return string(runes[:columns-1]) + "…"
}
