package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
)

// index is what listing resources leaves behind for reading grants: which
// groups and other objects are in the snapshot and what they are. It lives in
// the SDK's session store, so it belongs to one sync, survives a resumed one,
// and is the same for every worker and process. How it is read and written is in
// store.go.
//
// Keys, each written by the listing that owns it:
//
//	group/<id>               traits of a listed group
//	groups/<n>               page n of the listed groups
//	groups                   how many pages there are
//	nesting/<n>              which groups of page n are in which groups
//	adgroup/<id>             a synchronized group that is left out on purpose
//	object/<id>              resource type of any other listed object that can
//	                         hold or give access
//	listed/<type>/<n>        the listed objects of a type, like groups
//	roles/<id>               ids of the app roles of a listed application
//	spmember/<type>/<group>  service principals that are members of a group
//	spowner/<type>/<object>  service principals that own an object
//	cycles                   groups that contain each other
//
// The files that read roles, licences, consents, devices and people name the
// few keys of their own.
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
	keyGroup    = "group/"
	keyGroups   = "groups"
	keyNesting  = "nesting"
	keyADGroup  = "adgroup/"
	keyObject   = "object/"
	keyListed   = "listed/"
	keyRoles    = "roles/"
	keySPMember = "spmember/"
	keySPOwner  = "spowner/"
	keyCycles   = "cycles"
)

// holder is who holds an entitlement.
type holder struct{ Type, ID string }

// servicePrincipals are the service principals that are noted under a key with
// each of the objects, in one order.
func (ix index) servicePrincipals(ctx context.Context, prefix string, objects []string) (map[string][]holder, error) {
	found := map[string][]holder{}
	for _, resourceType := range servicePrincipalTypes {
		sets, err := get[[]string](ctx, ix, prefix+resourceType+"/", slices.Clone(objects))
		if err != nil {
			return nil, err
		}
		for object, ids := range sets {
			for _, id := range ids {
				found[object] = append(found[object], holder{resourceType, id})
			}
		}
	}
	return found, nil
}

// putObjects notes that objects of a type are in the snapshot.
func (ix index) putObjects(ctx context.Context, resourceType string, ids []string) error {
	types := make(map[string]string, len(ids))
	for _, id := range ids {
		types[id] = resourceType
	}
	return put(ctx, ix, keyObject, types)
}

// objects are the resource types of the listed objects among the ids.
func (ix index) objects(ctx context.Context, ids []string) (map[string]string, error) {
	return get[string](ctx, ix, keyObject, ids)
}

func pageKey(prefix string, page int) string { return prefix + "/" + strconv.Itoa(page) }

// putPage stores page n of a listing, and their number with the last one.
func putPage[T any](ctx context.Context, ix index, prefix string, page int, last bool, entries []T) error {
	if err := putValue(ctx, ix, pageKey(prefix, page), entries); err != nil || !last {
		return err
	}
	return putValue(ctx, ix, prefix, page+1)
}

// errIndexLost ends a sync whose listings left nothing behind: going on would
// give a snapshot without the grants that are planned from them.
var errIndexLost = errors.New("the sync's session store has lost what the listings left in it; start the sync over")

// getPage reads page n of a listing and reports whether more follow. Whoever
// asks plans the grants of a type that is synced, so the listing has run.
func getPage[T any](ctx context.Context, ix index, prefix string, page int) ([]T, bool, error) {
	pages, found, err := getValue[int](ctx, ix, prefix)
	if err != nil {
		return nil, false, err
	}
	if !found {
		return nil, false, fmt.Errorf("%w (%s)", errIndexLost, prefix)
	}
	if page >= pages {
		return nil, false, nil
	}
	entries, found, err := getValue[[]T](ctx, ix, pageKey(prefix, page))
	if err != nil {
		return nil, false, err
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

// putListed notes a page of listed objects of a type, in order and by id.
func (ix index) putListed(ctx context.Context, resourceType string, page int, last bool, ids []string) error {
	if err := ix.putObjects(ctx, resourceType, ids); err != nil {
		return err
	}
	return putPage(ctx, ix, keyListed+resourceType, page, last, ids)
}
