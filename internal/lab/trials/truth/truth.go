// Package truth compares snapshots with the simulated tenant, row by row.
package truth

import (
	"context"
	"errors"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// ErrDiffers says that a snapshot is not the tenant.
var ErrDiffers = errors.New("the snapshot is not the tenant")

// row is a row of a snapshot as expect has it.
type row struct {
	kind expect.Kind
	text string
}

// Rows are those that a snapshot has to hold.
type Rows struct{ all map[row]bool }

// Of is what a tenant is now, read with the default settings.
func Of(tenant *graphsim.Tenant) *Rows {
	want := &Rows{all: map[row]bool{}}
	all := tenant.Truth()
	expect.Snapshot(&all, expect.Options{}, func(kind expect.Kind, text string) { want.all[row{kind, text}] = true })
	return want
}

// Compare makes sure that a file holds a finished sync with these rows and no
// other; the error is ErrDiffers where it does not. It unpacks the file in
// scratch.
func (r *Rows) Compare(ctx context.Context, path, scratch string) error {
	got, err := readRows(ctx, path, scratch)
	if err != nil {
		return err
	}
	missing, extra := 0, 0
	for one := range r.all {
		if !got[one] {
			missing++
		}
	}
	for one := range got {
		if !r.all[one] {
			extra++
		}
	}
	if missing+extra > 0 {
		return fmt.Errorf("%w: %d rows are missing, %d are extra", ErrDiffers, missing, extra)
	}
	return nil
}

func readRows(ctx context.Context, path, scratch string) (map[row]bool, error) {
	snapshot, err := rows.Open(ctx, path, scratch)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDiffers, err)
	}
	got := map[row]bool{}
	err = snapshot.EachExpected(ctx, func(kind expect.Kind, text string) { got[row{kind, text}] = true })
	return got, errors.Join(err, snapshot.Close())
}
