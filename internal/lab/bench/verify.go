package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

const maxExamples = 10

// digest stands for a row. A collision of 16 bytes of SHA-256 would hide a
// difference; it will not happen.
type digest [16]byte

// ledger holds the rows that are expected and not yet found.
type ledger struct {
	expected map[digest]struct{}
	truth    *Truth
}

func digestOf(kind expect.Kind, row string) digest {
	sum := sha256.Sum256(append([]byte{byte(kind)}, row...))
	return digest(sum[:16])
}

func (l *ledger) expect(kind expect.Kind, row string) {
	d := digestOf(kind, row)
	if _, twice := l.expected[d]; twice {
		return
	}
	l.expected[d] = struct{}{}
	switch kind {
	case expect.Resource:
		l.truth.Resources++
	case expect.Entitlement:
		l.truth.Entitlements++
	case expect.Direct:
		l.truth.Direct++
	default:
		l.truth.Effective++
	}
}

func (l *ledger) find(kind expect.Kind, row string) {
	d := digestOf(kind, row)
	if _, ok := l.expected[d]; ok {
		delete(l.expected, d)
		return
	}
	l.truth.Extra++
	if len(l.truth.Examples) < maxExamples {
		l.truth.Examples = append(l.truth.Examples, "extra: "+row)
	}
}

// verifySnapshot compares a snapshot with the tenant, row by row.
func verifySnapshot(ctx context.Context, tenant *graphsim.Tenant, size, path, scratch string) (*Truth, error) {
	l := &ledger{expected: map[digest]struct{}{}, truth: &Truth{Size: size}}
	truth := tenant.Truth()
	expect.Snapshot(&truth, expect.Options{}, l.expect)
	truth = graphsim.Truth{}
	snapshot, err := rows.Open(ctx, path, scratch)
	if err != nil {
		return nil, err
	}
	err = snapshot.EachExpected(ctx, l.find)
	if err := errors.Join(err, snapshot.Close()); err != nil {
		return nil, err
	}
	l.truth.Missing = len(l.expected)
	if l.truth.Missing+l.truth.Extra > 0 {
		return l.truth, fmt.Errorf("the snapshot is not the tenant: %d missing, %d extra, such as %q", l.truth.Missing, l.truth.Extra, l.truth.Examples)
	}
	return l.truth, nil
}
