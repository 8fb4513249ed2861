package decide

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// A process can begin a sync with what it has decided for another one minutes ago.
func TestASyncWouldSayThatItBeganWhenTheOneBeforeDid(t *testing.T) {
	client := fake.GraphThat(t, func(string) (int, string) { return http.StatusOK, fake.EmptyPage })
	d := &Decider{Client: client}
	earlier, err := d.Decide(t.Context(), nil, &graph.Organization{ID: fake.SomeID})
	require.NoError(t, err)
	earlier.at, earlier.Began = earlier.at.Add(-3*time.Minute), earlier.Began.Add(-3*time.Minute)
	began := time.Now().Truncate(time.Second)

	ix := walk.Index{Store: &fake.Store{Values: map[string][]byte{}}}
	var readers sync.WaitGroup
	seen := make([]time.Time, 4)
	for i := range seen {
		readers.Go(func() {
			_, made, err := d.TenantOf(t.Context(), ix)
			if err == nil {
				seen[i] = made.Began
			}
		})
	}
	readers.Wait()
	for _, at := range seen {
		require.Equal(t, seen[0], at, "a sync began once")
		require.False(t, at.Before(began), "%s", at)
		require.Equal(t, time.UTC, at.Location())
	}
}

func TestSettingsThatANameDoesNotShowWouldLookLikeLostAccess(t *testing.T) {
	f := Filters{Only: []string{model.TypeUser, model.TypeTenant, model.TypeGroup}, declined: []model.DataSet{model.DataGroupEligibility}}
	said := f.Settings()
	require.Equal(t, []string{model.TypeGroup, model.TypeUser}, said[SettingTypes])
	require.Equal(t, config.PimGroupsNone, said[config.PimGroupsField.FieldName])
	require.Equal(t, config.PimGroupsAll, (&Filters{EveryGroupEligibility: true}).Settings()[config.PimGroupsField.FieldName])
	require.NotContains(t, (&Filters{Only: []string{model.TypeTenant}}).Settings(), SettingTypes)
}
