package users

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

const (
	earlierTenant = "aaaaaaaa-0000-0000-0000-000000000000"
	threeDays     = 72 * time.Hour
)

var earlierMoment = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)

// readThen is what a sync of that moment had read.
var readThen = map[model.DataSet]decide.Reading{model.DataSignIns: {At: earlierMoment, Full: earlierMoment}}

func personNumber(i int) string { return fmt.Sprintf("%08x-1111-2222-3333-444444444444", i*7919) }

// givenPage is a page of people as they are given, with what is known of them: a last
// sign-in for every other one, and one of two registrations for every third.
func givenPage(first, n int) ([]*v2.Resource, *People) {
	known := &People{signIns: map[string]int64{}, registrations: map[string]registration{}}
	var resources []*v2.Resource
	for i := first; i < first+n; i++ {
		id := personNumber(i)
		resources = append(resources, v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: model.TypeUser, Resource: id}.Build()}.Build())
		if i%2 == 0 {
			known.signIns[id] = 1_700_000_000 + int64(i)
		}
		if i%3 == 0 {
			known.registrations[id] = registration{Registered: i%2 == 0, Methods: []string{"fido2"}}
		}
	}
	return resources, known
}

// remembered is what a process knows after it has given so many pages of 1,000 people.
func remembered(t *testing.T, pages int, leave func(page int) bool) *Earlier {
	t.Helper()
	m := &earlierMemory{}
	for page := range pages {
		if leave != nil && leave(page) {
			continue
		}
		resources, known := givenPage(page*1000, 1000)
		m.note(pageOfPeople{"sync", page, page == pages-1}, earlierTenant, readThen, resources, known)
	}
	return m.last(t.Context())
}

func TestSomebodyWouldGetTheSignInOfAnother(t *testing.T) {
	e := remembered(t, 3, nil)
	require.True(t, e.sound())
	require.Equal(t, 3000, e.people())
	require.Len(t, e.Registrations, 2)
	for i := range 3000 {
		last, r, found := e.find(personNumber(i))
		require.True(t, found)
		require.Equal(t, i%2 == 0, last == 1_700_000_000+int64(i))
		require.Equal(t, i%3 == 0, r != nil)
		if r != nil {
			require.Equal(t, registration{Registered: i%2 == 0, Methods: []string{"fido2"}}, *r)
		}
	}
	last, r, found := e.find(personNumber(5000))
	require.False(t, found)
	require.Zero(t, last)
	require.Nil(t, r)
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	require.Less(t, len(raw), 3000*32, "what is kept of a person grows")
}

// Another process has given a page, or the sync began again elsewhere.
func TestPeopleWhomThisProcessHasNotGivenWouldSeemNeverToHaveSignedIn(t *testing.T) {
	for page := range 3 {
		require.Nil(t, remembered(t, 3, func(p int) bool { return p == page }), page)
	}
}

func TestWhatIsOldOrOfAnotherTenantWouldStandForNow(t *testing.T) {
	e := remembered(t, 3, nil)
	both := []model.DataSet{model.DataSignIns, model.DataRegistrations}
	require.Equal(t, readThen, e.usable(earlierTenant, both, threeDays, 2000, earlierMoment.Add(threeDays)),
		"registrations were not read")
	require.Empty(t, e.usable(earlierTenant, both, threeDays, 2000, earlierMoment.Add(threeDays+time.Second)))
	require.Empty(t, e.usable(earlierTenant, both, threeDays, 2000, earlierMoment.Add(-time.Second)), "a clock that was wrong")
	require.Empty(t, e.usable("bbbbbbbb-0000-0000-0000-000000000000", both, threeDays, 2000, earlierMoment))
	require.Empty(t, e.usable(earlierTenant, []model.DataSet{model.DataRegistrations}, threeDays, 2000, earlierMoment))
	require.Empty(t, remembered(t, 2, nil).usable(earlierTenant, both, threeDays, 2000, earlierMoment), "a small tenant is read in full")
	require.Empty(t, (*Earlier)(nil).usable(earlierTenant, both, threeDays, 2000, earlierMoment))
}

// Each sync adds what has changed to what the one before knew. What it did not hear of, for
// whatever reason, would stay wrong from snapshot to snapshot.
func TestSignInsThatEachSyncCatchesUpWithWouldNeverBeReadInFullAgain(t *testing.T) {
	now := earlierMoment.Add(threeDays + time.Hour)
	e := remembered(t, 3, nil)
	e.Read[model.DataSignIns] = decide.Reading{At: now.Add(-time.Hour), Full: earlierMoment}
	require.Empty(t, e.usable(earlierTenant, []model.DataSet{model.DataSignIns}, threeDays, 2000, now))
	caughtUp := decide.Reading{At: now.Add(-time.Hour), Full: earlierMoment.Add(time.Hour)}
	e.Read[model.DataSignIns] = caughtUp
	require.Equal(t, map[model.DataSet]decide.Reading{model.DataSignIns: caughtUp},
		e.usable(earlierTenant, []model.DataSet{model.DataSignIns}, threeDays, 2000, now))

	said := func(profile map[string]any) map[model.DataSet]decide.Reading {
		tenant, err := rs.NewResource("Contoso", &v2.ResourceType{Id: model.TypeTenant}, earlierTenant, rs.WithResourceProfile(profile))
		require.NoError(t, err)
		return readOf(tenant)
	}
	profile := map[string]any{
		"readAt": earlierMoment.Add(9 * time.Hour).Format(time.RFC3339), "dataSets": []any{string(model.DataSignIns), string(model.DataRegistrations)},
		"readInFull": map[string]any{string(model.DataSignIns): earlierMoment.Format(time.RFC3339)},
	}
	began := earlierMoment.Add(9 * time.Hour)
	require.Equal(t, map[model.DataSet]decide.Reading{
		model.DataSignIns: {At: began, Full: earlierMoment}, model.DataRegistrations: {At: began, Full: began},
	}, said(profile), "the snapshot that the next sync comes after does not hand on when all was read")
	profile["readInFull"] = map[string]any{string(model.DataSignIns): "lately"}
	require.NotContains(t, said(profile), model.DataSignIns, "a time that cannot be read is now")
}

func TestDamagedFileOfTheSyncBeforeWouldEndThisOneOrBeBelieved(t *testing.T) {
	raw, err := json.Marshal(remembered(t, 3, nil))
	require.NoError(t, err)
	for name, content := range map[string]string{
		"cut off": string(raw[:len(raw)/2]), "empty": "", "another thing": `{"i":"AAAA","l":"","w":""}`,
		"a place that is not there": `{"i":"AAAAAAAAAAAAAAAAAAAAAA==","l":"AAAAAA==","w":"AAk=","g":[]}`,
	} {
		path := filepath.Join(t.TempDir(), "earlier.json")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		require.Nil(t, (&earlierMemory{file: path}).last(t.Context()), name)
	}
	path := filepath.Join(t.TempDir(), "earlier.json")
	require.NoError(t, os.WriteFile(path, raw, 0o600))
	require.NotNil(t, (&earlierMemory{file: path}).last(t.Context()))
	require.Nil(t, (&earlierMemory{file: path + "x"}).last(t.Context()))
}
