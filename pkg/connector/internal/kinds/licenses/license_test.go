package licenses

import (
	"net/http"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestSeatsOfAProductWithTwoRowsWouldBeThoseOfTheLast(t *testing.T) {
	for name, pages := range map[string][2]string{
		"on one page":    {`{"value":[` + skuSuspended + `,` + skuEnabled + `]}`, ""},
		"on two":         {`{"value":[` + skuEnabled + `],"@odata.nextLink":"ROOT/subscribedSkus?$skiptoken=x"}`, `{"value":[` + skuSuspended + `]}`},
		"on two, worse":  {`{"value":[` + skuSuspended + `],"@odata.nextLink":"ROOT/subscribedSkus?$skiptoken=x"}`, `{"value":[` + skuEnabled + `]}`},
		"on one of many": {`{"value":[],"@odata.nextLink":"ROOT/subscribedSkus?$skiptoken=x"}`, `{"value":[` + skuEnabled + `,` + skuSuspended + `]}`},
	} {
		t.Run(name, func(t *testing.T) {
			client := fake.GraphOver(t, func(r *http.Request) string {
				if r.URL.Query().Get("$skiptoken") != "" {
					return pages[1]
				}
				return pages[0]
			})
			s := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}}
			store := decidetest.SyncReading(t, model.DataLicenses)
			list := func(token string) ([]*v2.Resource, string) {
				found, res, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store, PageToken: pagination.Token{Token: token}})
				require.NoError(t, err)
				if res == nil {
					return found, ""
				}
				return found, res.NextPageToken
			}
			var last *v2.Resource
			for token := ""; ; {
				found, _ := list(token) // Whoever was killed reads a page twice.
				again, next := list(token)
				require.Len(t, again, len(found))
				for i := range again {
					last = again[i]
				}
				if token = next; token == "" {
					break
				}
			}
			got, _, err := s.Get(t.Context(), model.ResourceID(model.TypeLicense, fake.E3), nil)
			require.NoError(t, err)
			for _, r := range []*v2.Resource{last, got} {
				require.Equal(t, fake.E3, r.GetId().GetResource())
				trait := &v2.LicenseProfileTrait{}
				annos := annotations.Annotations(r.GetAnnotations())
				ok, err := annos.Pick(trait)
				require.NoError(t, err)
				require.True(t, ok)
				require.EqualValues(t, 15, trait.GetPurchasedSeats())
				require.EqualValues(t, 10, trait.GetConsumedSeats())
				profile := r.GetProfile().AsMap()
				require.Equal(t, map[string]any{fake.Sales: "A", fake.Abroad: "B"}, profile["servicePlans"])
				require.Equal(t, "Enabled", profile["capabilityStatus"])
				require.EqualValues(t, 5, profile["suspendedUnits"])
				require.EqualValues(t, 3, profile["lockedOutUnits"])
			}
		})
	}
}

const (
	skuEnabled = `{"id":"1","skuId":"` + fake.E3 + `","skuPartNumber":"SPE_E3","capabilityStatus":"Enabled","consumedUnits":7,` +
		`"prepaidUnits":{"enabled":10,"warning":1,"suspended":0,"lockedOut":2},"servicePlans":[{"servicePlanId":"` + fake.Sales + `","servicePlanName":"A"}]}`
	skuSuspended = `{"id":"2","skuId":"05E9A617-0261-4CEE-BB44-138D3EF5D965","skuPartNumber":"SPE_E3","capabilityStatus":"Suspended","consumedUnits":3,` +
		`"prepaidUnits":{"enabled":0,"warning":4,"suspended":5,"lockedOut":1},` +
		`"servicePlans":[{"servicePlanId":"` + fake.Abroad + `","servicePlanName":"B"},{"servicePlanId":"` + fake.Sales + `","servicePlanName":"A"}]}`
)

func TestAProductIsKnownByItsNameAndFoundByItsPartNumber(t *testing.T) {
	s := New(kinds.Kit{})
	for part, want := range map[string]string{
		"SPE_E5": "Microsoft 365 E5", "Microsoft_365_Copilot": "Microsoft 365 Copilot", "VISIOCLIENT": "Visio Plan 2",
		"CONTOSO_ROCKETS": "CONTOSO_ROCKETS", "": fake.E5,
	} {
		found, err := s.resource(&graph.SubscribedSKU{SKUID: fake.E5, SKUPartNumber: part})
		require.NoError(t, err)
		require.Equal(t, want, found.GetDisplayName())
		require.Equal(t, part, found.GetDescription())
		require.Equal(t, part, found.GetProfile().GetFields()["skuPartNumber"].GetStringValue())
	}
}

func TestAPartNumberInAnotherSpellingWouldNeverBeFound(t *testing.T) {
	for part, name := range productNames {
		require.Equal(t, strings.ToUpper(part), part)
		require.Equal(t, strings.TrimSpace(name), name)
		require.NotEmpty(t, name, part)
	}
}
