package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// pollEvery is how often the processes are looked at. What a process uses
	// after the last look is not seen; its share of a run is small.
	pollEvery = 50 * time.Millisecond
	// diskEvery is in polls: walking a directory costs more than reading /proc.
	diskEvery = 10
	// ticksPerSecond is the unit of /proc's CPU times (USER_HZ, 100 on Linux).
	ticksPerSecond = 100
	serviceCommand = "_connector-service"
)

// The processes of a run.
const (
	roleFront     = "front"
	roleParent    = "parent"
	roleConnector = "connector"
)

// process is what /proc last said about one process.
type process struct {
	parent                    int
	command                   string
	userTicks, systemTicks    int64
	peakBytes, peakAnonymous  int64
	everConnector, hasService bool
}

// watcher follows a process and all that it starts.
type watcher struct {
	root     int
	known    map[int]*process
	scratch  string
	peakDisk int64
}

func newWatcher(root int, scratch string) *watcher {
	return &watcher{root: root, known: map[int]*process{}, scratch: scratch}
}

// watch looks at the processes until done is closed.
func (w *watcher) watch(done <-chan struct{}) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		w.poll()
		if n%diskEvery == 0 {
			w.peakDisk = max(w.peakDisk, diskUse(w.scratch))
		}
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}

// poll reads every process of the tree once. A child always has a higher place
// in time than its parent, but not always in number: rounds go on until one
// finds nothing new.
func (w *watcher) poll() {
	parents := map[int]int{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if stat, ok := readStat(pid); ok {
			parents[pid] = stat.parent
		}
	}
	for grown := true; grown; {
		grown = false
		for pid, parent := range parents {
			_, ours := w.known[parent]
			if _, again := w.known[pid]; !again && (pid == w.root || ours) {
				w.known[pid] = &process{}
				grown = true
			}
		}
	}
	for pid, p := range w.known {
		p.update(pid)
	}
	for _, p := range w.known {
		if above, ok := w.known[p.parent]; ok && p.everConnector {
			above.hasService = true
		}
	}
}

// update takes over the newest figures; those of a process that is gone stay.
func (p *process) update(pid int) {
	stat, ok := readStat(pid)
	if !ok {
		return
	}
	p.parent = stat.parent
	p.userTicks, p.systemTicks = max(p.userTicks, stat.userTicks), max(p.systemTicks, stat.systemTicks)
	if raw, err := os.ReadFile(procFile(pid, "cmdline")); err == nil && len(raw) > 0 {
		p.command = string(bytes.ReplaceAll(raw, []byte{0}, []byte(" ")))
		p.everConnector = p.everConnector || strings.Contains(p.command, serviceCommand)
	}
	raw, err := os.ReadFile(procFile(pid, "status"))
	if err != nil {
		return
	}
	p.peakBytes = max(p.peakBytes, statusBytes(raw, "VmHWM:"))
	p.peakAnonymous = max(p.peakAnonymous, statusBytes(raw, "RssAnon:"))
}

func procFile(pid int, name string) string {
	return filepath.Join("/proc", strconv.Itoa(pid), name)
}

// readStat reads parent and CPU times
// (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
func readStat(pid int) (*process, bool) {
	raw, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return nil, false
	}
	// The name in brackets can hold anything, brackets included.
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	const parent, user, system = 1, 11, 12
	if len(fields) <= system {
		return nil, false
	}
	p := &process{}
	if p.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return nil, false
	}
	if p.userTicks, err = strconv.ParseInt(fields[user], 10, 64); err != nil {
		return nil, false
	}
	if p.systemTicks, err = strconv.ParseInt(fields[system], 10, 64); err != nil {
		return nil, false
	}
	return p, true
}

// statusBytes is a figure of /proc's status, which it gives in kB.
func statusBytes(status []byte, name string) int64 {
	_, after, found := strings.Cut(string(status), name)
	if !found {
		return 0
	}
	line, _, _ := strings.Cut(after, "\n")
	kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(line), " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// usage sums up by role. The connector's process is told by its command, the
// SDK's own by being that process's parent; anything above is the front.
func (w *watcher) usage() (map[string]Process, error) {
	out := map[string]Process{}
	for _, p := range w.known {
		role := roleFront
		switch {
		case p.everConnector:
			role = roleConnector
		case p.hasService:
			role = roleParent
		}
		sum := out[role]
		sum.UserSeconds += float64(p.userTicks) / ticksPerSecond
		sum.SystemSeconds += float64(p.systemTicks) / ticksPerSecond
		sum.PeakBytes = max(sum.PeakBytes, p.peakBytes)
		sum.PeakAnonymousBytes = max(sum.PeakAnonymousBytes, p.peakAnonymous)
		out[role] = sum
	}
	if out[roleConnector].PeakBytes == 0 || out[roleParent].PeakBytes == 0 {
		return nil, fmt.Errorf("the processes of the sync could not be followed in /proc: %v", out)
	}
	return out, nil
}

// diskUse is the size of all files under a directory. Files that go away while
// it is read do not count.
func diskUse(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil //nolint:nilerr // A file that is gone has no size.
		}
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}
