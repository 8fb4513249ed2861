package connector

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
	store := newMessageStore()
	seen := &sizes{}
	ctx := withSizes(t.Context(), seen)
	rows := licensedPeople(1800)
	require.NoError(t, putPage(ctx, index{store}, "licences", 0, true, rows))
	require.LessOrEqual(t, store.largest, sizeLimit+maxKeyLength)
	read, more, err := getPage[licenseRow](ctx, index{store}, "licences", 0)
	require.NoError(t, err)
	require.False(t, more)
	require.Equal(t, rows, read)
	require.Greater(t, len(store.values), 4, "the value is in parts: 10 MB")
	require.EqualValues(t, sizeLimit, seen.value.take())
}

func TestManyValuesTogetherWouldBeMoreThanOneMessage(t *testing.T) {
	store := newMessageStore()
	want := map[string]string{"huge": strings.Repeat("x", 10<<20), "small": "y"}
	for i := range 150 {
		want[fmt.Sprint("large-", i)] = strings.Repeat(fmt.Sprint(i), 50_000)
		want[fmt.Sprint("just-small-enough-", i)] = strings.Repeat("z", batchedLimit-2)
	}
	var ids []string
	for id := range want {
		ids = append(ids, id)
	}
	require.NoError(t, put(t.Context(), index{store}, "set/", want))
	got, err := get[string](t.Context(), index{store}, "set/", append(ids, "none"))
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.LessOrEqual(t, store.largest, sizeLimit+maxKeyLength)
}

func TestAValueWhoseRewritingBreaksOffStaysWhole(t *testing.T) {
	store := newMessageStore()
	ix := index{store}
	before, after := strings.Repeat("a", 2*sizeLimit), strings.Repeat("b", 2*sizeLimit)
	require.NoError(t, putValue(t.Context(), ix, "k", before))
	store.fail = "k"
	require.Error(t, putValue(t.Context(), ix, "k", after))
	got, found, err := getValue[string](t.Context(), ix, "k")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, before, got)
	store.fail = ""
	require.NoError(t, putValue(t.Context(), ix, "k", "short"))
	got, _, err = getValue[string](t.Context(), ix, "k")
	require.NoError(t, err)
	require.Equal(t, "short", got)
}

func TestHalfAValueWouldBeASnapshotWithoutTheOtherHalf(t *testing.T) {
	store := newMessageStore()
	ix := index{store}
	rows := licensedPeople(1000)
	require.NoError(t, putPage(t.Context(), ix, "licences", 0, true, rows))
	for key := range store.values {
		if strings.HasSuffix(key, "#1") {
			delete(store.values, key)
		}
	}
	_, _, err := getPage[licenseRow](t.Context(), ix, "licences", 0)
	require.ErrorIs(t, err, errIndexLost)

	store.values["note"] = []byte("#x y")
	_, _, err = getValue[string](t.Context(), ix, "note")
	require.ErrorIs(t, err, errIndexLost)
}
