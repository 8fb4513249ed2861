package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/conductorone/baton-sdk/pkg/session"
	"github.com/conductorone/baton-sdk/pkg/types/sessions"
)

// index is what listing resources leaves behind for reading grants: which
// groups and service principals are in the snapshot and what they are. It lives
// in the SDK's session store, so it belongs to one sync, survives a resumed
// one, and is the same for every worker and process.
//
// Keys, each written by the listing that owns it:
//
//	group/<id>          traits of a listed group
//	groups/<n>          page n of the listed groups
//	groups              how many pages there are
//	nesting/<n>         which groups of page n are in which groups
//	sp/<id>             kind of a listed service principal
//	roles/<id>          ids of the app roles of a listed application
//	apps/<n>, apps      the listed applications, like groups
//	spmember/<group>    service principals that are members of a group
//	spowner/<group>     service principals that own a group
//	spappowner/<app>    service principals that own an application
//	cycles              groups that contain each other
type index struct {
	store sessions.SessionStore
}

// groupEntry is a listed group.
type groupEntry struct {
	ID     string      `json:"i"`
	Traits groupTraits `json:"t,omitempty"`
}

// nestingEntry is a listed group that is a member of other groups.
type nestingEntry struct {
	Child   string   `json:"c"`
	Parents []string `json:"p"`
}

const (
	keyGroup      = "group/"
	keyGroups     = "groups"
	keyNesting    = "nesting"
	keySP         = "sp/"
	keyRoles      = "roles/"
	keyApps       = "apps"
	keySPMember   = "spmember/"
	keySPOwner    = "spowner/"
	keySPAppOwner = "spappowner/"
	keyCycles     = "cycles"
)

func pageKey(prefix string, page int) string { return prefix + "/" + strconv.Itoa(page) }

// put stores values under prefix+id.
func put[T any](ctx context.Context, ix index, prefix string, values map[string]T) error {
	if len(values) == 0 {
		return nil
	}
	keyed := make(map[string]T, len(values))
	for id, v := range values {
		keyed[prefix+id] = v
	}
	if err := session.SetManyJSON(ctx, ix.store, keyed); err != nil {
		return fmt.Errorf("writing to the sync's session store: %w", err)
	}
	return nil
}

// get reads the values under prefix+id; ids without one are absent.
func get[T any](ctx context.Context, ix index, prefix string, ids []string) (map[string]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = prefix + id
	}
	found, err := session.GetManyJSON[T](ctx, ix.store, keys)
	if err != nil {
		return nil, fmt.Errorf("reading from the sync's session store: %w", err)
	}
	values := make(map[string]T, len(found))
	for key, v := range found {
		values[key[len(prefix):]] = v
	}
	return values, nil
}

// putPage stores page n of a listing, and their number with the last one.
func putPage[T any](ctx context.Context, ix index, prefix string, page int, last bool, entries []T) error {
	if err := session.SetJSON(ctx, ix.store, pageKey(prefix, page), entries); err != nil {
		return fmt.Errorf("writing to the sync's session store: %w", err)
	}
	if !last {
		return nil
	}
	if err := session.SetJSON(ctx, ix.store, prefix, page+1); err != nil {
		return fmt.Errorf("writing to the sync's session store: %w", err)
	}
	return nil
}

// errIndexLost ends a sync whose listings left nothing behind: going on would
// give a snapshot without the grants that are planned from them.
var errIndexLost = errors.New("the sync's session store has lost what the listings left in it; start the sync over")

// getPage reads page n of a listing and reports whether more follow. Whoever
// asks plans the grants of a type that is synced, so the listing has run.
func getPage[T any](ctx context.Context, ix index, prefix string, page int) ([]T, bool, error) {
	pages, found, err := session.GetJSON[int](ctx, ix.store, prefix)
	if err != nil {
		return nil, false, fmt.Errorf("reading from the sync's session store: %w", err)
	}
	if !found {
		return nil, false, fmt.Errorf("%w (%s)", errIndexLost, prefix)
	}
	if page >= pages {
		return nil, false, nil
	}
	entries, found, err := session.GetJSON[[]T](ctx, ix.store, pageKey(prefix, page))
	if err != nil {
		return nil, false, fmt.Errorf("reading from the sync's session store: %w", err)
	}
	if !found {
		return nil, false, fmt.Errorf("%w (page %d of %s)", errIndexLost, page, prefix)
	}
	return entries, page+1 < pages, nil
}

// addToSets adds ids to the sets stored under prefix+key. Only one listing,
// whose pages come one after the other, adds to a prefix.
func addToSets(ctx context.Context, ix index, prefix string, additions map[string][]string) error {
	if len(additions) == 0 {
		return nil
	}
	keys := make([]string, 0, len(additions))
	for key := range additions {
		keys = append(keys, key)
	}
	sets, err := get[[]string](ctx, ix, prefix, keys)
	if err != nil {
		return err
	}
	if sets == nil {
		sets = make(map[string][]string, len(additions))
	}
	for key, ids := range additions {
		merged := append(slices.Clone(sets[key]), ids...)
		slices.Sort(merged)
		sets[key] = slices.Compact(merged)
	}
	return put(ctx, ix, prefix, sets)
}
