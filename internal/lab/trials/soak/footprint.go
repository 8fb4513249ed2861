package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// footprint is what the processes of a service hold at one time. The figures are
// Linux's (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
type footprint struct {
	processes   int
	memory      [roles]int // Anonymous resident memory, in kB.
	threads     [roles]int
	descriptors [roles]int
}

// The processes of a service, in the order in which they start each other.
const (
	command = iota
	worker
	connector
	roles
)

var roleNames = [roles]string{"command", "worker", "connector"}

// takeFootprint looks at a process and at what it has started.
func takeFootprint(root int) (footprint, error) {
	var f footprint
	pids, err := processesOf(root)
	if err != nil {
		return f, err
	}
	f.processes = len(pids)
	for role, pid := range pids[:roles] {
		status, err := os.ReadFile(procFile(pid, "status"))
		if err != nil {
			return f, err
		}
		f.memory[role], f.threads[role] = field(status, "RssAnon:"), field(status, "Threads:")
		open, err := os.ReadDir(procFile(pid, "fd"))
		if err != nil {
			return f, err
		}
		f.descriptors[role] = len(open)
	}
	return f, nil
}

// processesOf lists a process and all below it, in the order of the roles.
func processesOf(root int) ([]int, error) {
	pids := []int{root}
	for at := 0; at < len(pids); at++ {
		children, err := childrenOf(pids[at])
		if err != nil {
			return nil, err
		}
		pids = append(pids, children...)
	}
	if len(pids) < int(roles) {
		return nil, fmt.Errorf("of the service's processes, %d are left", len(pids))
	}
	return pids, nil
}

// ended is whether a process has ended, waited for or not.
func ended(pid int) bool {
	status, err := os.ReadFile(procFile(pid, "status"))
	return err != nil || strings.Contains(string(status), "State:\tZ")
}

func procFile(pid int, name string) string { return filepath.Join("/proc", strconv.Itoa(pid), name) }

// childrenOf lists what the threads of a process have started.
func childrenOf(pid int) ([]int, error) {
	lists, err := filepath.Glob(procFile(pid, "task/*/children"))
	if err != nil {
		return nil, err
	}
	var found []int
	for _, list := range lists {
		raw, err := os.ReadFile(list)
		if err != nil {
			continue // The thread has just ended.
		}
		for _, text := range strings.Fields(string(raw)) {
			child, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			found = append(found, child)
		}
	}
	return found, nil
}

// field is a figure of /proc's status.
func field(status []byte, name string) int {
	_, after, _ := strings.Cut(string(status), name)
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0
	}
	return n
}

// trend is a figure over time: the medians of five parts. The first is for
// warming up; what is held for good then stays, and only a leak goes on growing.
type trend [5]int

func trendOf(figures []int) trend {
	var t trend
	for i := range t {
		t[i] = median(figures[i*len(figures)/len(t) : (i+1)*len(figures)/len(t)])
	}
	return t
}

func median(figures []int) int {
	if len(figures) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[len(sorted)/2]
}

// grows is whether a figure goes up by more than a share and an allowance that
// noise explains, from the second part to the last.
func (t trend) grows(allowance int) bool {
	const share = 4 // A quarter.
	return t[4] > t[1]+t[1]/share+allowance
}

// String lists the parts.
func (t trend) String() string { return strings.Trim(fmt.Sprint([5]int(t)), "[]") }

// growth names every figure that grows, and describes all of them.
func growth(taken []footprint) ([]string, string) {
	var growing []string
	var said []string
	for role, name := range roleNames {
		for _, figure := range []struct {
			what, unit string
			allowance  int
			of         func(footprint) int
		}{
			{"memory", " kB", 16 << 10, func(f footprint) int { return f.memory[role] }},
			{"threads", "", 6, func(f footprint) int { return f.threads[role] }},
			{"descriptors", "", 4, func(f footprint) int { return f.descriptors[role] }},
		} {
			var figures []int
			for _, f := range taken {
				figures = append(figures, figure.of(f))
			}
			t := trendOf(figures)
			text := fmt.Sprintf("%s of the %s %s%s", figure.what, name, t, figure.unit)
			if t.grows(figure.allowance) {
				growing = append(growing, text)
			}
			if role != command {
				said = append(said, text)
			}
		}
	}
	return growing, strings.Join(said, ", ")
}
