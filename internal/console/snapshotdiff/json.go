package snapshotdiff

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// formatVersion changes when a field of the JSON document changes its meaning or
// goes away, not when one is added.
const formatVersion = 1

// side describes one of the two snapshots.
type side struct {
	File    string `json:"file"`
	SyncID  string `json:"sync_id"`
	EndedAt string `json:"ended_at,omitempty"`
	// Tenant, TenantID and Build are what the snapshot says of itself.
	Tenant   string `json:"tenant,omitempty"`
	TenantID string `json:"tenant_id,omitempty"`
	Build    string `json:"build,omitempty"`
}

func sideOf(s *Snapshot) side {
	about := s.facts.About()
	described := side{File: s.Path, SyncID: s.SyncID(), Tenant: about.Tenant, TenantID: about.TenantID, Build: about.Build}
	if at := s.EndedAt(); !at.IsZero() {
		described.EndedAt = at.Format("2006-01-02T15:04:05Z")
	}
	return described
}

// WriteJSON writes all changes as one JSON document, row by row.
func (d *Diff) WriteJSON(ctx context.Context, to io.Writer) error {
	w := &jsonWriter{to: bufio.NewWriterSize(to, 64<<10)}
	w.raw("{")
	w.field("version", formatVersion, true)
	w.field("old", sideOf(d.old), false)
	w.field("new", sideOf(d.recent), false)
	w.field("effective", !d.options.DirectOnly, false)
	w.field("types", append([]string{}, d.options.Types...), false)
	w.field("not_compared", append([]Uncompared{}, d.uncompared...), false)
	w.field("not_comparable", append([]*Blank{}, d.blanks.told()...), false)
	w.field("warnings", append([]string{}, d.warnings...), false)
	w.field("summary", d.summary, false)
	w.rows("resources", d.resourceChanges(ctx))
	w.rows("entitlements", d.entitlementChanges(ctx))
	w.rows("access", d.accessChanges(ctx))
	w.raw("\n}\n")
	if w.err == nil {
		w.err = w.to.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("writing the comparison: %w", w.err)
	}
	return nil
}

// jsonWriter writes one object, field by field. It stops at the first error.
type jsonWriter struct {
	to  *bufio.Writer
	err error
}

func (w *jsonWriter) raw(s string) {
	if w.err == nil {
		_, w.err = w.to.WriteString(s)
	}
}

func (w *jsonWriter) value(v any) {
	if w.err != nil {
		return
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if w.err = encoder.Encode(v); w.err == nil {
		_, w.err = w.to.Write(terminal.HarmlessJSON(bytes.TrimRight(b.Bytes(), "\n")))
	}
}

func (w *jsonWriter) name(name string, first bool) {
	if !first {
		w.raw(",")
	}
	w.raw("\n  \"" + name + "\": ")
}

func (w *jsonWriter) field(name string, v any, first bool) {
	w.name(name, first)
	w.value(v)
}

func (w *jsonWriter) rows(name string, rows iter.Seq2[any, error]) {
	w.name(name, false)
	w.raw("[")
	separator := "\n    "
	for row, err := range rows {
		if w.err == nil {
			w.err = err
		}
		if w.err != nil {
			return
		}
		w.raw(separator)
		w.value(row)
		separator = ",\n    "
	}
	if separator != "\n    " {
		w.raw("\n  ")
	}
	w.raw("]")
}
