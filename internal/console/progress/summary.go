package progress

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// summary is what the last log lines of a sync say. Their fields are those of
// the connector's own log lines.
type summary struct {
	read     *readLine
	requests *requestsLine
	leftOut  []leftOutLine
	forms    []formLine
}

type readLine struct {
	LeftOut   map[string]string `json:"left_out_for_lack_of"`
	Resources map[string]int    `json:"resources"`
	Grants    map[string]int    `json:"grants"`
}

type requestsLine struct {
	Requests  int     `json:"requests"`
	Items     int     `json:"batch_items"`
	Units     int     `json:"resource_units"`
	Throttled int     `json:"throttled"`
	Waited    float64 `json:"waited"`
}

type leftOutLine struct {
	What string `json:"what"`
	Rows int    `json:"rows"`
}

type formLine struct {
	Reading string `json:"reading"`
	Form    string `json:"form"`
	Lacks   string `json:"lacks"`
}

// take keeps a line that belongs to the summary. One that cannot be read is left
// out: the summary is for reading, and the log has it whole.
func (s *summary) take(message, line string) {
	switch message {
	case MessageRead:
		s.read = &readLine{}
		_ = json.Unmarshal([]byte(line), s.read)
	case MessageRequests:
		s.requests = &requestsLine{}
		_ = json.Unmarshal([]byte(line), s.requests)
	case MessageLeftOut:
		var l leftOutLine
		if json.Unmarshal([]byte(line), &l) == nil {
			s.leftOut = append(s.leftOut, l)
		}
	case MessageForm:
		var l formLine
		if json.Unmarshal([]byte(line), &l) == nil {
			s.forms = append(s.forms, l)
		}
	}
}

// text is the summary of a sync that took so long.
func (s *summary) text(took time.Duration) string {
	said := []string{"The tenant has been read in " + clock(took) + "."}
	say := func(name, words string) { said = append(said, entryLines(name, words)...) }
	if s.read != nil {
		var resources []string
		for _, t := range slices.Sorted(maps.Keys(s.read.Resources)) {
			resources = append(resources, counted(s.read.Resources[t], t))
		}
		say("objects:", strings.Join(resources, ", "))
		say("who has what:", number(sum(s.read.Grants))+" assignments and memberships as Graph has them")
		for _, data := range slices.Sorted(maps.Keys(s.read.LeftOut)) {
			say("not read:", data+", for lack of "+s.read.LeftOut[data])
		}
	}
	for _, l := range s.leftOut {
		say("left out:", number(l.Rows)+" "+l.What)
	}
	for _, l := range s.forms {
		say("plainer form:", l.Reading+": "+l.Form)
		if l.Lacks != "" {
			say("", "without "+l.Lacks)
		}
	}
	if r := s.requests; r != nil {
		throttled := "never throttled"
		if r.Throttled > 0 {
			throttled = "throttled " + number(r.Throttled) + " times"
		}
		say("Graph:", fmt.Sprintf("%s requests with %s inside batches, %s resource units, %s, %s spent waiting by all workers together",
			number(r.Requests), number(r.Items), number(r.Units), throttled, span(r.Waited)))
	}
	return strings.Join(said, "\n")
}

// summaryWidth is how many columns the summary takes, so that it is whole in half a
// screen; what follows an entry's name begins at summaryIndent.
const (
	summaryWidth  = 60
	summaryIndent = 17
	// summaryOutdent is how far to the left a word may begin that is too long there: the
	// name of a permission.
	summaryOutdent = 4
)

// entryLines are an entry of the summary: its name, and beside it the words on as many
// lines as they take. A word is never cut: that would be a path that cannot be copied.
func entryLines(name, words string) []string {
	var lines []string
	line := fmt.Sprintf("  %-*s", summaryIndent-len("  "), name)
	columns := summaryIndent
	empty := true
	for word := range strings.FieldsSeq(words) {
		width := utf8.RuneCountInString(word)
		if !empty && columns+1+width > summaryWidth {
			lines = append(lines, line)
			columns, empty = min(summaryIndent, max(summaryWidth-width, summaryOutdent)), true
			line = strings.Repeat(" ", columns)
		}
		if !empty {
			line, columns = line+" ", columns+1
		}
		line, columns, empty = line+word, columns+width, false
	}
	return append(lines, line)
}

// pathLine is where the snapshot is: beside its name where there is room, and on a line
// of its own as it is where there is not.
func pathLine(path string) string {
	beside := fmt.Sprintf("  %-*s%s", summaryIndent-len("  "), "snapshot:", path)
	if utf8.RuneCountInString(beside) <= summaryWidth {
		return beside
	}
	return "  snapshot:\n" + path
}
