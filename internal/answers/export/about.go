package export

import (
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

// factsOf are all facts of a snapshot, of the build that exports it and of the rows that
// the other tables have.
func factsOf(s *access.Snapshot, build string, counts []Count) []fact {
	a := s.About()
	facts := of(aboutTenant, columnName, a.Tenant, "id", a.TenantID, "cloud", a.Cloud)
	for _, domain := range a.Domains {
		facts = append(facts, of(aboutTenant, "domain", domain)...)
	}
	for _, plan := range a.Plans {
		facts = append(facts, of(aboutTenant, "plan", plan)...)
	}
	facts = append(facts, of(aboutSnapshot, "file", filepath.Base(s.Path()), "begun", momentText(a.ReadAt), "finished", momentText(a.EndedAt), "build", a.Build)...)
	if !a.Told {
		facts = append(facts, fact{
			about: aboutSnapshot, name: "what was left out", value: "not told",
			reason: "this snapshot does not say which data sets were read: an older build made it, or only some resource types were synced. What is not here may only not have been read",
		})
	}
	for _, data := range a.Read {
		read := fact{about: aboutData, name: data, value: "read"}
		if at, earlier := a.Earlier[data]; earlier {
			read.reason = "it was read earlier than the rest, at " + momentText(at)
		}
		facts = append(facts, read)
	}
	for _, data := range slices.Sorted(maps.Keys(a.LeftOut)) {
		facts = append(facts, fact{about: aboutData, name: data, value: "left out", reason: a.LeftOut[data]})
	}
	facts = append(facts, factsIn("setting", a.Settings)...)
	facts = append(facts, fact{about: "export", name: "build", value: build})
	for _, c := range counts {
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

// factsIn are the values of a part of what a snapshot says.
func factsIn(about string, values map[string]any) []fact {
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
