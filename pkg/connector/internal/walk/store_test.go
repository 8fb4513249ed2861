package walk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// licenseRow is what somebody holds of a product, plan by plan.
type licenseRow struct {
	User, SKU string
	Off       []string
}

// licensedPeople are what so many people hold who have three products with fifty
// service plans switched off in each.
func licensedPeople(n int) []licenseRow {
	off := make([]string, 50)
	for i := range off {
		off[i] = fmt.Sprintf("%08d-7e07-4810-8459-485f84f8f204", i)
	}
	var rows []licenseRow
	for i := range n {
		for sku := range 3 {
			rows = append(rows, licenseRow{User: fmt.Sprint("user-", i), SKU: fmt.Sprint("sku-", sku), Off: off})
		}
	}
	return rows
}

func TestLicencesWithManyDisabledPlansWouldNotFitInTheStore(t *testing.T) {
	store := fake.NewMessageStore()
	seen := &model.Sizes{}
	ctx := model.WithSizes(t.Context(), seen)
	rows := licensedPeople(1800)
	require.NoError(t, PutPage(ctx, Index{store}, "licences", 0, true, rows))
	require.LessOrEqual(t, store.Largest, model.SizeLimit+maxKeyLength)
	read, more, err := GetPage[licenseRow](ctx, Index{store}, "licences", 0)
	require.NoError(t, err)
	require.False(t, more)
	require.Equal(t, rows, read)
	require.Greater(t, len(store.Values), 4, "the value is in parts: 10 MB")
	require.EqualValues(t, model.SizeLimit, seen.Value.Take())
}

func TestManyValuesTogetherWouldBeMoreThanOneMessage(t *testing.T) {
	store := fake.NewMessageStore()
	want := map[string]string{"huge": strings.Repeat("x", 10<<20), "small": "y"}
	for i := range 150 {
		want[fmt.Sprint("large-", i)] = strings.Repeat(fmt.Sprint(i), 50_000)
		want[fmt.Sprint("just-small-enough-", i)] = strings.Repeat("z", batchedLimit-2)
	}
	var ids []string
	for id := range want {
		ids = append(ids, id)
	}
	require.NoError(t, Put(t.Context(), Index{store}, "set/", want))
	got, err := Get[string](t.Context(), Index{store}, "set/", append(ids, "none"))
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.LessOrEqual(t, store.Largest, model.SizeLimit+maxKeyLength)
}

func TestAValueWhoseRewritingBreaksOffStaysWhole(t *testing.T) {
	store := fake.NewMessageStore()
	ix := Index{store}
	before, after := strings.Repeat("a", 2*model.SizeLimit), strings.Repeat("b", 2*model.SizeLimit)
	require.NoError(t, PutValue(t.Context(), ix, "k", before))
	store.Fail = "k"
	require.Error(t, PutValue(t.Context(), ix, "k", after))
	got, found, err := GetValue[string](t.Context(), ix, "k")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, before, got)
	store.Fail = ""
	require.NoError(t, PutValue(t.Context(), ix, "k", "short"))
	got, _, err = GetValue[string](t.Context(), ix, "k")
	require.NoError(t, err)
	require.Equal(t, "short", got)
}

func TestHalfAValueWouldBeASnapshotWithoutTheOtherHalf(t *testing.T) {
	store := fake.NewMessageStore()
	ix := Index{store}
	rows := licensedPeople(1000)
	require.NoError(t, PutPage(t.Context(), ix, "licences", 0, true, rows))
	for key := range store.Values {
		if strings.HasSuffix(key, "#1") {
			delete(store.Values, key)
		}
	}
	_, _, err := GetPage[licenseRow](t.Context(), ix, "licences", 0)
	require.ErrorIs(t, err, ErrIndexLost)

	store.Values["note"] = []byte("#x y")
	_, _, err = GetValue[string](t.Context(), ix, "note")
	require.ErrorIs(t, err, ErrIndexLost)
}
