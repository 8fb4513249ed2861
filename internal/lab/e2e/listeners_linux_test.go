package e2e

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

func TestServiceListensToThisMachineOnly(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil, "--health-check", "--health-check-port", "0", "--status-address", strconv.Itoa(freePort(t)))
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
	worker := onlyChild(t, s.process.Process.Pid)
	open := 0
	for _, pid := range []int{s.process.Process.Pid, worker, onlyChild(t, worker)} {
		for _, address := range listening(t, pid) {
			open++
			require.True(t, address.Unmap().IsLoopback(), "process %d listens on %s", pid, address)
		}
	}
	require.Positive(t, open, "the subprocess listens, and is not seen here")
}

// listening lists the addresses on which a process accepts TCP connections.
func listening(t *testing.T, pid int) []netip.Addr {
	t.Helper()
	const stateListen = "0A"
	held := sockets(t, pid)
	var found []netip.Addr
	for _, table := range []string{"tcp", "tcp6"} {
		rows, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		require.NoError(t, err)
		for row := range strings.Lines(string(rows)) {
			fields := strings.Fields(row)
			if len(fields) < 10 || fields[3] != stateListen || !held["socket:["+fields[9]+"]"] {
				continue
			}
			digits, _, _ := strings.Cut(fields[1], ":")
			raw, err := hex.DecodeString(digits)
			require.NoError(t, err)
			for word := range slices.Chunk(raw, 4) {
				slices.Reverse(word) // The kernel prints words of its own byte order.
			}
			address, ok := netip.AddrFromSlice(raw)
			require.True(t, ok)
			found = append(found, address)
		}
	}
	return found
}

// sockets are the sockets that a process holds, by the names of their links.
func sockets(t *testing.T, pid int) map[string]bool {
	t.Helper()
	descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	require.NoError(t, err)
	held := map[string]bool{}
	for _, descriptor := range descriptors {
		if link, err := os.Readlink(descriptor); err == nil {
			held[link] = true
		}
	}
	return held
}
