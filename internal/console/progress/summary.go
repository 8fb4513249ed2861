package progress

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
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
	if s.read != nil {
		var resources []string
		for _, t := range slices.Sorted(maps.Keys(s.read.Resources)) {
			resources = append(resources, counted(s.read.Resources[t], t))
		}
		said = append(said,
			"  objects:       "+strings.Join(resources, ", "),
			"  who has what:  "+number(sum(s.read.Grants))+" assignments and memberships as Graph has them")
		for _, data := range slices.Sorted(maps.Keys(s.read.LeftOut)) {
			said = append(said, "  not read:      "+data+", for lack of "+s.read.LeftOut[data])
		}
	}
	for _, l := range s.leftOut {
		said = append(said, fmt.Sprintf("  left out:      %s %s", number(l.Rows), l.What))
	}
	for _, l := range s.forms {
		said = append(said, "  plainer form:  "+l.Reading+": "+l.Form)
		if l.Lacks != "" {
			said = append(said, "                 without "+l.Lacks)
		}
	}
	if r := s.requests; r != nil {
		throttled := "never throttled"
		if r.Throttled > 0 {
			throttled = "throttled " + number(r.Throttled) + " times"
		}
		said = append(said, fmt.Sprintf("  Graph:         %s requests with %s inside batches, %s resource units, %s, %s spent waiting by all workers together",
			number(r.Requests), number(r.Items), number(r.Units), throttled, span(r.Waited)))
	}
	return strings.Join(said, "\n")
}
