package kinds

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// listedPeopleIn is an index of a sync that has listed people.
func listedPeopleIn(t *testing.T, ids ...string) (walk.Index, *fake.Store) {
	t.Helper()
	store := decidetest.SyncReading(t, model.DataConsents, model.DataDevices, model.DataAdministrativeUnits, model.DataRoleSchedules, model.DataRoleEligibility, model.DataGroupEligibility)
	ix := walk.Index{Store: store}
	var users []graph.User
	for _, id := range ids {
		users = append(users, graph.User{ID: id})
	}
	require.NoError(t, PutPeople(t.Context(), ix, 0, true, users))
	return ix, store
}

func TestAListingOfPeopleThatIsNotOverHidesNobody(t *testing.T) {
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	require.NoError(t, PutPeople(t.Context(), ix, 0, false, []graph.User{{ID: fake.Here}}))
	ctx := (&PeopleCache{}).With(t.Context(), "sync")
	people, err := PeopleOf(ctx, ix)
	require.NoError(t, err)
	require.True(t, people.has(fake.Deleted), "users may not be part of the sync at all")
	require.False(t, people.Listed(fake.Here))
	require.NoError(t, PutPeople(t.Context(), ix, 1, true, nil))
	people, err = PeopleOf(ctx, ix)
	require.NoError(t, err)
	require.True(t, people.has(fake.Here))
	require.False(t, people.has(fake.Deleted))
}

func TestAListingThatBeganAgainKeepsNobodyOfTheFirst(t *testing.T) {
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	for page := range 3 {
		require.NoError(t, PutPeople(t.Context(), ix, page, false, []graph.User{{ID: fake.Deleted}}))
	}
	require.NoError(t, PutPeople(t.Context(), ix, 0, true, []graph.User{{ID: fake.Here}}))
	people, err := PeopleOf(t.Context(), ix)
	require.NoError(t, err)
	require.True(t, people.has(fake.Here))
	require.False(t, people.has(fake.Deleted))
}

// A process that ends before the SDK has noted its last page leaves a whole listing
// behind, and the next may have to begin again.
func TestPeopleOfTwoListingsWouldBeTakenForOne(t *testing.T) {
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	list := func(ctx context.Context, page int, last bool, id string) {
		require.NoError(t, PutPeople(ctx, ix, page, last, []graph.User{{ID: id}}))
	}
	list(t.Context(), 0, false, fake.Here)
	list(t.Context(), 1, true, fake.Deleted)

	const created = "0a000000-0000-4000-8000-000000000003"
	one, other := (&PeopleCache{}).With(t.Context(), "sync"), (&PeopleCache{}).With(t.Context(), "sync")
	for _, process := range []context.Context{one, other} {
		people, err := PeopleOf(WhileListing(process), ix)
		require.NoError(t, err)
		require.False(t, people.has(created))
	}
	list(WhileListing(one), 0, false, created)
	people, err := PeopleOf(WhileListing(one), ix)
	require.NoError(t, err)
	require.Nil(t, people, "the second page is of the listing before")
	list(WhileListing(one), 1, true, fake.Here)
	for _, process := range []context.Context{WhileListing(one), one, other} {
		people, err := PeopleOf(process, ix)
		require.NoError(t, err)
		require.True(t, people.has(created))
		require.True(t, people.has(fake.Here))
		require.False(t, people.has(fake.Deleted))
	}
}

func TestAPageOfPeopleThatIsLostEndsTheSync(t *testing.T) {
	ix, store := listedPeopleIn(t, fake.Here)
	delete(store.Values, keyPeople+"/0")
	_, err := PeopleOf(t.Context(), ix)
	require.ErrorIs(t, err, walk.ErrIndexLost)
}

func TestIDsThatAreNoGUIDsArePeopleAllTheSame(t *testing.T) {
	ix, _ := listedPeopleIn(t, fake.Here, "Odd One", "0a000000-0000-4000-8000-00000000000x", "{0a000000-0000-4000-8000-00000000000}")
	people, err := PeopleOf(t.Context(), ix)
	require.NoError(t, err)
	require.Len(t, people.packed, 1)
	for _, id := range []string{fake.Here, "odd one", "0a000000-0000-4000-8000-00000000000x", "{0a000000-0000-4000-8000-00000000000}"} {
		require.True(t, people.has(id), id)
	}
	require.False(t, people.has("odd two"))
}

// The store is behind another process: a look-up for every call would be the
// longest part of a sync.
func TestPeopleAreReadOnceForASyncAndAgainForAnother(t *testing.T) {
	ix, store := listedPeopleIn(t, fake.Here)
	cache := &PeopleCache{}
	before := store.Reads
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			people, err := PeopleOf(cache.With(context.Background(), "one"), ix)
			if err != nil || people.has(fake.Deleted) {
				panic("the people of this sync are another's")
			}
		})
	}
	calls.Wait()
	require.Equal(t, 2, store.Reads-before)
	other, _ := listedPeopleIn(t, fake.Deleted)
	for n := range cachedSyncs + 2 {
		people, err := PeopleOf(cache.With(t.Context(), fmt.Sprint("later ", n)), other)
		require.NoError(t, err)
		require.True(t, people.has(fake.Deleted))
		require.False(t, people.has(fake.Here))
	}
	require.Len(t, cache.syncs, cachedSyncs)
	cache.Forget("later 1")
	people, err := PeopleOf(cache.With(t.Context(), "one"), ix)
	require.NoError(t, err)
	require.True(t, people.has(fake.Here))
}

func randomID() string {
	a, b := rand.Uint64(), rand.Uint64()                                                                       //nolint:gosec // Ids are no secrets.
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", uint32(a), uint16(a>>32), uint16(a>>48), uint16(b), b>>16) //nolint:gosec // Parts of random ids.
}

func TestEachIDHasItsOwnSixteenBytes(t *testing.T) {
	var ids []string
	for range 2000 {
		ids = append(ids, randomID())
	}
	ix, _ := listedPeopleIn(t, ids...)
	people, err := PeopleOf(t.Context(), ix)
	require.NoError(t, err)
	require.Len(t, people.packed, len(ids))
	for _, id := range ids {
		require.True(t, people.has(id))
		last := "0"
		if id[35] == '0' {
			last = "1"
		}
		require.False(t, people.has(id[:35]+last))
	}
}

// What a million memberships among a million people cost.
func BenchmarkAMillionPeople(b *testing.B) {
	const size, pages = 1000, 1000
	ix := walk.Index{Store: &fake.Store{Values: map[string][]byte{}}}
	var ids []string
	for page := range pages {
		users := make([]graph.User, size)
		for i := range users {
			users[i].ID = randomID()
			ids = append(ids, users[i].ID)
		}
		if err := PutPeople(b.Context(), ix, page, page == pages-1, users); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("load", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := loadPeople(b.Context(), ix); err != nil {
				b.Fatal(err)
			}
		}
	})
	people, err := loadPeople(b.Context(), ix)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("million look-ups", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, id := range ids {
				if !people.has(id) {
					b.Fatal(id)
				}
			}
		}
	})
}
