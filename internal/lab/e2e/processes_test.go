package e2e

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// onlyChild is the one process that a process has started.
func onlyChild(t *testing.T, parent int) int {
	t.Helper()
	children := childrenOf(t, parent)
	require.Len(t, children, 1)
	return children[0]
}

// childrenOf lists the processes that a process has started.
func childrenOf(t *testing.T, parent int) []int {
	t.Helper()
	listed, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "pid=,ppid=").Output()
	require.NoError(t, err)
	var children []int
	for line := range strings.Lines(string(listed)) {
		fields := strings.Fields(line)
		require.Len(t, fields, 2, line)
		if fields[1] == strconv.Itoa(parent) {
			pid, err := strconv.Atoi(fields[0])
			require.NoError(t, err)
			children = append(children, pid)
		}
	}
	return children
}

// kill ends a process without asking it.
func kill(t *testing.T, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	require.NoError(t, err)
	require.NoError(t, process.Kill())
}
