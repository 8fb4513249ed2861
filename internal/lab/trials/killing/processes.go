package killing

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Victim is whom a signal goes to.
type Victim int

// The processes of a run: the command, the worker that it starts, and the
// connector that the worker starts.
const (
	Command Victim = iota
	Worker
	Connector
	All
)

// String is a victim's name.
func (v Victim) String() string {
	return [...]string{"the command", "the worker", "the connector", "all at once"}[v]
}

// family lists a process and, in order, the first child of each.
func family(root int) []int {
	listed, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output() //nolint:noctx // It ends at once.
	if err != nil {
		return []int{root}
	}
	children := map[int][]int{}
	for line := range strings.Lines(string(listed)) {
		fields := strings.Fields(line)
		if len(fields) != 2 {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		parent, parentErr := strconv.Atoi(fields[1])
		if err == nil && parentErr == nil {
			children[parent] = append(children[parent], pid)
		}
	}
	pids := []int{root}
	for at := root; len(children[at]) > 0; at = children[at][0] {
		pids = append(pids, children[at][0])
	}
	return pids
}

// strike sends a signal to a victim of a run. A victim that is not there, or not
// any more, is none.
func strike(root int, victim Victim, signal os.Signal) {
	if victim == Command {
		_ = kill(root, signal)
		return
	}
	pids := family(root)
	if victim == All {
		for _, pid := range pids {
			_ = kill(pid, signal)
		}
		return
	}
	if at := int(victim); at < len(pids) {
		_ = kill(pids[at], signal)
	}
}

func kill(pid int, signal os.Signal) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Signal(signal)
}
