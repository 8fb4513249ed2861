package export

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Write exports a snapshot.
func Write(ctx context.Context, s *access.Snapshot, o Options) (*Result, error) {
	to, err := openTarget(o.Out, o.Format)
	if err != nil {
		return nil, err
	}
	counts, err := writeTo(ctx, s, to, &o)
	if ctx.Err() != nil {
		err = errors.New("the export was interrupted: nothing was written")
	}
	if err == nil {
		err = to.publish()
	}
	if err := errors.Join(err, to.close()); err != nil {
		return nil, err
	}
	return &Result{Path: o.Out, Counts: counts}, nil
}

func writeTo(ctx context.Context, s *access.Snapshot, to *target, o *Options) ([]Count, error) {
	var out sink
	var err error
	switch o.Format {
	case SQLite:
		out, err = newSQLite(ctx, to.work)
	case CSV:
		out, err = newCSV(to.work)
	case XLSX:
		out, err = newXLSX(to.work, o.Scratch, o.SheetRows)
	default:
		err = fmt.Errorf("%q is no format of exports", o.Format)
	}
	if err != nil {
		return nil, err
	}
	w := &writer{snapshot: s, out: out, build: o.Build, counts: map[*table]int64{}}
	err = w.everything(ctx)
	if err == nil {
		err = out.finish(ctx)
	}
	if err := errors.Join(err, out.discard()); err != nil {
		return nil, fmt.Errorf("writing %s: %w", to.path, err)
	}
	return w.counted(), nil
}

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

// holdings writes who holds what. Grants come in the order of what is held, so that
// what they are on is looked up once for all of them.
func (w *writer) holdings(ctx context.Context) error {
	var values []any
	of := &held{snapshot: w.snapshot, names: w.names}
	for h, err := range w.snapshot.Holdings(ctx) {
		if err != nil {
			return err
		}
		if of.what == nil || of.what.ID != h.Entitlement {
			if err := of.turnTo(ctx, h); err != nil {
				return err
			}
		}
		row := &holding{Holding: h, who: w.names.of[h.Principal], what: of.what, on: of.on, power: of.power, kind: h.Kind, since: h.Since, till: h.Until}
		row.through, row.throughIDs = w.names.through(h)
		if giver := of.giverOf(h); giver != nil {
			row.kind, row.since, row.till = giver.Kind, giver.Since, giver.Until
		}
		values = accessTable.values(row, values)
		if err := w.row(&accessTable.table, values); err != nil {
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
	for _, f := range factsOf(w.snapshot, w.build, w.counted()) {
		if f.value == "" {
			continue
		}
		if err := w.row(&aboutTable.table, aboutTable.values(f, nil)); err != nil {
			return err
		}
	}
	return nil
}
