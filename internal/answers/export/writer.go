package export

import (
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// What facts are about.
const (
	aboutTenant   = "tenant"
	aboutSnapshot = "snapshot"
	aboutData     = "data set"
)

// fact is a row of the table about.
type fact struct{ about, name, value, reason string }

var aboutTable = newTable("about", "What the snapshot says of itself: the tenant, when it was read, by which build, what was read and what was left out, and why.",
	field[fact]{"about", text, "What the fact is about: tenant, snapshot, data set, setting, counted (what was left out, and how much), export, rows.", func(f fact) any { return f.about }},
	field[fact]{columnName, text, "What is told.", func(f fact) any { return f.name }},
	field[fact]{"value", text, "What it is. Of a data set: read, or left out.", func(f fact) any { return f.value }},
	field[fact]{"reason", text, "Why it is so, where there is something to say.", func(f fact) any { return f.reason }},
)

// writer takes rows from a snapshot to a sink.
type writer struct {
	snapshot *access.Snapshot
	out      sink
	names    *names
	build    string
	counts   map[*table]int64
}

func (w *writer) row(t *table, values []any) error {
	w.counts[t]++
	return w.out.row(t, values)
}

func (w *writer) counted() []Count {
	var counts []Count
	for _, t := range tables() {
		counts = append(counts, Count{Table: t.name, Rows: w.counts[t]})
	}
	return counts
}

func (w *writer) everything(ctx context.Context) error {
	var err error
	if w.names, err = readNames(ctx, w.snapshot); err != nil {
		return err
	}
	for _, write := range []func(context.Context) error{w.objects, w.offers, w.holdings, w.facts} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	return nil
}

// objects writes everything that has a name, each into its table.
func (w *writer) objects(ctx context.Context) error {
	var values []any
	at := readAt(w.snapshot.About())
	for o, err := range w.snapshot.Objects(ctx) {
		if err != nil {
			return err
		}
		in := resourcesTable
		switch {
		case o.Type == access.TypeTenant:
			continue // The table about has it.
		case o.Type == access.TypeCredential:
			in = credentialsTable
		case slices.Contains(principalTypes, o.Type):
			in = principalsTable
		}
		values = in.values(&subject{Object: o, names: w.names, at: at}, values)
		if err := w.row(&in.table, values); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) offers(ctx context.Context) error {
	var values []any
	for e, err := range w.snapshot.Entitlements(ctx) {
		if err != nil {
			return err
		}
		values = entitlementsTable.values(&offer{Entitlement: e, names: w.names}, values)
		if err := w.row(&entitlementsTable.table, values); err != nil {
			return err
		}
	}
	return nil
}

// readAt is the moment that a snapshot is of: what was so while it was read.
func readAt(a *access.About) time.Time {
	if !a.ReadAt.IsZero() {
		return a.ReadAt
	}
	return a.EndedAt
}

// facts writes the table about, which counts the rows of the others.
func (w *writer) facts(context.Context) error {
	for _, f := range w.allFacts() {
		if f.value == "" {
			continue
		}
		if err := w.row(&aboutTable.table, aboutTable.values(f, nil)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) allFacts() []fact {
	a := w.snapshot.About()
	facts := of(aboutTenant, columnName, a.Tenant, "id", a.TenantID, "cloud", a.Cloud)
	for _, domain := range a.Domains {
		facts = append(facts, of(aboutTenant, "domain", domain)...)
	}
	for _, plan := range a.Plans {
		facts = append(facts, of(aboutTenant, "plan", plan)...)
	}
	facts = append(facts, of(aboutSnapshot, "file", filepath.Base(w.snapshot.Path()), "begun", momentText(a.ReadAt), "finished", momentText(a.EndedAt), "build", a.Build)...)
	if !a.Told {
		facts = append(facts, fact{
			about: aboutSnapshot, name: "what was left out", value: "not told",
			reason: "this snapshot does not say which data sets were read: an older build made it, or only some resource types were synced. What is not here may only not have been read",
		})
	}
	for _, data := range a.Read {
		facts = append(facts, fact{about: aboutData, name: data, value: "read"})
	}
	for _, data := range slices.Sorted(maps.Keys(a.LeftOut)) {
		facts = append(facts, fact{about: aboutData, name: data, value: "left out", reason: a.LeftOut[data]})
	}
	facts = append(append(facts, factsOf("setting", a.Settings)...), factsOf("counted", a.Counted)...)
	facts = append(facts, fact{about: "export", name: "build", value: w.build})
	for _, c := range w.counted() {
		if c.Table != aboutTable.name {
			facts = append(facts, fact{about: "rows", name: c.Table, value: strconv.FormatInt(c.Rows, 10)})
		}
	}
	return facts
}

// of are facts about one thing, of names and values in turn.
func of(about string, pairs ...string) []fact {
	var facts []fact
	for pair := range slices.Chunk(pairs, 2) {
		facts = append(facts, fact{about: about, name: pair[0], value: pair[1]})
	}
	return facts
}

// factsOf are the values of a part of what a snapshot says.
func factsOf(about string, values map[string]any) []fact {
	var facts []fact
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value, isText := values[name].(string)
		if !isText {
			encoded, err := json.Marshal(values[name])
			if err != nil {
				continue // A profile came out of JSON.
			}
			value = string(encoded)
		}
		facts = append(facts, fact{about: about, name: name, value: value})
	}
	return facts
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(momentForm)
}
