package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

var update = flag.Bool("update", false, "rewrite the golden snapshot dump")

const goldenFile = "testdata/golden.txt"

// TestStoredRowsDoNotChangeUnseen shows a reviewer what a change does to the
// snapshot, row by row, for a few objects of each kind. If the change is meant:
// go test ./internal/lab/e2e -run StoredRows -update.
func TestStoredRowsDoNotChangeUnseen(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 1})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	tenant := server.Tenant()
	truth := tenant.Truth()

	var out bytes.Buffer
	for _, u := range []func(graphsim.TruthUser) bool{
		func(u graphsim.TruthUser) bool {
			return u.Enabled && u.ManagerID != "" && u.EmployeeID != "" && len(u.ProxyAddresses) > 1
		},
		func(u graphsim.TruthUser) bool { return u.UserType == "Guest" },
		func(u graphsim.TruthUser) bool { return !u.Enabled },
		func(u graphsim.TruthUser) bool { return u.Mail == "" },
		func(u graphsim.TruthUser) bool { return u.Agent },
	} {
		at := slices.IndexFunc(truth.Users, u)
		require.GreaterOrEqual(t, at, 0)
		dump(t, &out, got, "user:"+truth.Users[at].ID)
	}
	for _, n := range []int{
		graphsim.GroupDynamic, graphsim.GroupSynced, graphsim.GroupMicrosoft365, graphsim.GroupMailSecurity, graphsim.GroupHidden,
		graphsim.GroupRoleAssignableApps, graphsim.GroupPairA, graphsim.GroupPairB, graphsim.GroupEmpty,
	} {
		dump(t, &out, got, "group:"+tenant.ID(graphsim.KindGroup, n))
	}
	dump(t, &out, got, "role:"+tenant.ID(graphsim.KindRoleDefinition, graphsim.RoleGlobalReader))
	dump(t, &out, got, "application:"+tenant.ID(graphsim.KindServicePrincipal, graphsim.SPCycle))
	dump(t, &out, got, "application:"+tenant.ID(graphsim.KindServicePrincipal, graphsim.SPDisabled))
	dump(t, &out, got, "tenant:"+truth.TenantID)
	small := slices.IndexFunc(truth.Licenses, func(l graphsim.TruthLicense) bool { return l.PartNumber == "FLOW_FREE" })
	require.GreaterOrEqual(t, small, 0)
	dump(t, &out, got, "license:"+truth.Licenses[small].SkuID)
	mine := slices.IndexFunc(truth.Consents, func(c graphsim.TruthConsent) bool { return c.PrincipalID != "" })
	require.GreaterOrEqual(t, mine, 0)
	dump(t, &out, got, "consent:"+truth.Consents[mine].ID)
	for _, name := range []string{"Sales onboarding", "Merger team"} {
		dump(t, &out, got, "access_package:"+packageNamed(t, &truth, name).ID)
	}
	dump(t, &out, got, "access_package_catalog:"+packageNamed(t, &truth, "Sales onboarding").CatalogID)

	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(goldenFile, out.Bytes(), 0o600))
	}
	want, err := os.ReadFile(goldenFile)
	require.NoError(t, err)
	require.Equal(t, strings.Split(string(want), "\n"), strings.Split(out.String(), "\n"))
}

// dump writes a resource and up to four of the grants on each of its
// entitlements.
func dump(t *testing.T, out *bytes.Buffer, c *contents, resource string) {
	t.Helper()
	require.Contains(t, c.resourceRows, resource)
	fmt.Fprintf(out, "resource %s\n%s\n", resource, stable(t, rows.Lasting(c.resourceRows[resource])))
	shown := map[string]int{}
	for _, e := range slices.Sorted(maps.Keys(c.grantRows)) {
		g := c.grantRows[e]
		id := g.GetEntitlement().GetId()
		const few = 4
		if !strings.HasPrefix(id, resource+":") {
			continue
		}
		if shown[id]++; shown[id] > few {
			continue
		}
		fmt.Fprintf(out, "grant %s\n%s\n", e, stable(t, proto.Clone(g)))
	}
}

// stable is JSON with sorted keys: protojson's spacing changes on purpose.
func stable(t *testing.T, m proto.Message) string {
	t.Helper()
	raw, err := protojson.Marshal(m)
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal(raw, &value))
	pretty, err := json.MarshalIndent(value, "  ", "  ")
	require.NoError(t, err)
	return "  " + string(pretty)
}
