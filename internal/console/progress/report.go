// Package progress shows a person at a terminal how far a sync is. The process
// that reads Graph writes what it knows as log lines; the one that the person
// started turns them into a line that changes, and a summary at the end.
package progress

import "time"

// Variable is the internal variable by which the process that a person started
// asks for reports, so many apart (a Go duration).
const Variable = "BATON_AZURE_AD_PROGRESS"

// Interval is how far reports are apart where there is somebody to read them.
const Interval = time.Second

// The messages of the log lines that carry what is shown, and the names of
// their fields where the two processes have to agree.
const (
	MessageReport   = "azure-ad: progress"
	MessageLeftOut  = "azure-ad: left out of the snapshot"
	MessageRead     = "azure-ad: the tenant has been read"
	MessageForm     = "azure-ad: read in a plainer form"
	MessageRequests = "azure-ad: Microsoft Graph requests"

	FieldReport = "report"
)

// Report is how far this process is. Counts start over when a sync goes on in
// another process.
type Report struct {
	// Reading are the types whose calls are under way.
	Reading []string `json:"reading,omitempty"`
	// Resources and Grants are the rows given so far, by type.
	Resources map[string]int `json:"resources,omitempty"`
	Grants    map[string]int `json:"grants,omitempty"`
	// Walk is the walk over people that is under way before the people themselves.
	Walk *Walk `json:"walk,omitempty"`
	// Parts are the pieces of work of the grants that are known.
	Parts map[string]Parts `json:"parts,omitempty"`
	// GrantsFor is how long grants have been read, in seconds.
	GrantsFor float64 `json:"grants_for_seconds,omitempty"`
	Requests  int64   `json:"requests"`
	// Waited is the time spent waiting for the tenant's budgets, all workers
	// added up, in seconds.
	Waited float64 `json:"waited_seconds,omitempty"`
	// HeldBack are the services of Graph whose budgets hold requests back.
	HeldBack []string `json:"held_back,omitempty"`
	// PausedFor is how long Graph still asks to be left alone, in seconds.
	PausedFor float64 `json:"paused_for_seconds,omitempty"`
}

// Walk is how far a walk over people is that gives no rows: when they last signed in,
// say.
type Walk struct {
	Data string `json:"data"`
	Rows int    `json:"rows"`
	// Of is about how many there are, and PerSecond how many come; zero while that is not
	// known.
	Of        int     `json:"of,omitempty"`
	PerSecond float64 `json:"per_second,omitempty"`
}

// Parts are pieces of work. More may become known while they are done.
type Parts struct {
	Done  int `json:"done"`
	Known int `json:"known"`
}

// Total adds up the parts of all types.
func (r *Report) Total() Parts {
	var total Parts
	for _, p := range r.Parts {
		total.Done += p.Done
		total.Known += p.Known
	}
	return total
}
