package walk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Index is what listing resources leaves behind for reading grants: which
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
//	name/<id>                what a listed person or service principal is called
//	cycles                   groups that contain each other
//
// The files that read roles, licences, consents, devices and people name the
// few keys of their own.
type Index struct {
	Store sessions.SessionStore
}

// GroupEntry is a listed group.
type GroupEntry struct {
	ID     string            `json:"i"`
	Traits model.GroupTraits `json:"t,omitempty"`
}

// NestingEntry is a listed group that is a member of other groups.
type NestingEntry struct {
	Child   string   `json:"c"`
	Parents []string `json:"p"`
}

const (
	KeyGroup    = "group/"
	KeyGroups   = "groups"
	KeyNesting  = "nesting"
	KeyADGroup  = "adgroup/"
	keyObject   = "object/"
	KeyListed   = "listed/"
	KeyRoles    = "roles/"
	KeySPMember = "spmember/"
	KeySPOwner  = "spowner/"
	KeyCycles   = "cycles"
)

// Holder is who holds an entitlement.
type Holder struct{ Type, ID string }

// ServicePrincipals are the service principals that are noted under a key with
// each of the objects, in one order.
func (ix Index) ServicePrincipals(ctx context.Context, prefix string, objects []string) (map[string][]Holder, error) {
	found := map[string][]Holder{}
	for _, resourceType := range model.ServicePrincipalTypes {
		sets, err := Get[[]string](ctx, ix, prefix+resourceType+"/", slices.Clone(objects))
		if err != nil {
			return nil, err
		}
		for object, ids := range sets {
			for _, id := range ids {
				found[object] = append(found[object], Holder{resourceType, id})
			}
		}
	}
	return found, nil
}

// PutObjects notes that objects of a type are in the snapshot.
func (ix Index) PutObjects(ctx context.Context, resourceType string, ids []string) error {
	types := make(map[string]string, len(ids))
	for _, id := range ids {
		types[id] = resourceType
	}
	return Put(ctx, ix, keyObject, types)
}

// Objects are the resource types of the listed objects among the ids.
func (ix Index) Objects(ctx context.Context, ids []string) (map[string]string, error) {
	return Get[string](ctx, ix, keyObject, ids)
}

func pageKey(prefix string, page int) string { return prefix + "/" + strconv.Itoa(page) }

// PutPage stores page n of a listing, and their number with the last one.
func PutPage[T any](ctx context.Context, ix Index, prefix string, page int, last bool, entries []T) error {
	if err := PutValue(ctx, ix, pageKey(prefix, page), entries); err != nil || !last {
		return err
	}
	return PutValue(ctx, ix, prefix, page+1)
}

// ErrIndexLost ends a sync whose listings left nothing behind: going on would
// give a snapshot without the grants that are planned from them.
var ErrIndexLost = errors.New("the sync's session store has lost what the listings left in it; start the sync over")

// GetPage reads page n of a listing and reports whether more follow. Whoever
// asks plans the grants of a type that is synced, so the listing has run.
func GetPage[T any](ctx context.Context, ix Index, prefix string, page int) ([]T, bool, error) {
	pages, found, err := GetValue[int](ctx, ix, prefix)
	if err != nil {
		return nil, false, err
	}
	if !found {
		return nil, false, fmt.Errorf("%w (%s)", ErrIndexLost, prefix)
	}
	if page >= pages {
		return nil, false, nil
	}
	entries, found, err := GetValue[[]T](ctx, ix, pageKey(prefix, page))
	if err != nil {
		return nil, false, err
	}
	if !found {
		return nil, false, fmt.Errorf("%w (page %d of %s)", ErrIndexLost, page, prefix)
	}
	return entries, page+1 < pages, nil
}

// AddToSets adds ids to the sets stored under prefix+key. Only one listing,
// whose pages come one after the other, adds to a prefix.
func AddToSets(ctx context.Context, ix Index, prefix string, additions map[string][]string) error {
	if len(additions) == 0 {
		return nil
	}
	keys := make([]string, 0, len(additions))
	for key := range additions {
		keys = append(keys, key)
	}
	sets, err := Get[[]string](ctx, ix, prefix, keys)
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
	return Put(ctx, ix, prefix, sets)
}

// PutListed notes a page of listed objects of a type, in order and by id.
func (ix Index) PutListed(ctx context.Context, resourceType string, page int, last bool, ids []string) error {
	if err := ix.PutObjects(ctx, resourceType, ids); err != nil {
		return err
	}
	return PutPage(ctx, ix, KeyListed+resourceType, page, last, ids)
}
