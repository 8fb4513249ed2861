package attempt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
)

// rowSet are rows of a snapshot: their kind and their text.
type rowSet map[string]struct{}

func (s rowSet) add(kind expect.Kind, row string) { s[string(byte(kind))+" "+row] = struct{}{} }

// readRows reads what a finished snapshot holds. Without one the error wraps
// rows.ErrUnfinished or fs.ErrNotExist.
func readRows(ctx context.Context, path, scratch string) (rowSet, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	snapshot, err := rows.Open(ctx, path, scratch)
	if err != nil {
		return nil, err
	}
	found := rowSet{}
	err = errors.Join(snapshot.EachExpected(ctx, found.add), snapshot.Each(ctx, found.valuesIn))
	return found, errors.Join(err, snapshot.Close())
}

// differences are the rows that were there throughout and are missing, and
// those that never were and are there, as far as a person wants to read on.
func differences(states []rowSet, found rowSet) []string {
	var wrong []string
	for row := range states[0] {
		if _, ok := found[row]; !ok && inEach(states, row) {
			wrong = append(wrong, "missing: "+row)
		}
	}
	for row := range found {
		if !inAny(states, row) {
			wrong = append(wrong, "extra: "+row)
		}
	}
	sort.Strings(wrong)
	const few = 6
	if len(wrong) > few {
		return append(wrong[:few:few], fmt.Sprintf("and %d more", len(wrong)-few))
	}
	return wrong
}

func inEach(states []rowSet, row string) bool {
	for _, s := range states {
		if _, ok := s[row]; !ok {
			return false
		}
	}
	return true
}

func inAny(states []rowSet, row string) bool {
	for _, s := range states {
		if _, ok := s[row]; ok {
			return true
		}
	}
	return false
}

// errPrefix begins the connector's sentences.
const errPrefix = "baton-azure-ad: "

// unclear is what is wrong with an error that a person has to act on; empty if
// nothing is.
func unclear(err error) string {
	text := err.Error()
	switch {
	case !strings.Contains(text, errPrefix) || !strings.Contains(text, " "):
		return "the error is no sentence of the connector's"
	case strings.Contains(text, "goroutine "), strings.Contains(text, "panic"):
		return "the error is a crash"
	}
	return ""
}

// noSnapshot is whether a file is absent or holds no finished sync, which is
// how a failed sync has to leave it.
func noSnapshot(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, rows.ErrUnfinished)
}
