package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	dirMode  = 0o700
	fileMode = 0o600
)

// Result is one run of the harness: what it ran on and what it measured.
type Result struct {
	Started      time.Time     `json:"started"`
	Command      string        `json:"command"`
	Revision     string        `json:"revision"`
	Machine      Machine       `json:"machine"`
	Measurements []Measurement `json:"measurements"`
	Truths       []Truth       `json:"truths,omitempty"`
}

// Measurement is one sync by one program.
type Measurement struct {
	Program     string             `json:"program"`
	Size        string             `json:"size"`
	Scenario    string             `json:"scenario"`
	Workers     int                `json:"workers"`
	Repeat      int                `json:"repeat"`
	WallSeconds float64            `json:"wallSeconds"`
	Processes   map[string]Process `json:"processes"`
	// TreeCPUSeconds is what the operating system charged for the first process
	// and those that were waited for: a check on the sum of the processes.
	TreeCPUSeconds float64 `json:"treeCpuSeconds"`
	API            API     `json:"api"`
	Rows           Rows    `json:"rows"`
	FileBytes      int64   `json:"fileBytes"`
	// LargestAnswer and LargestValue are the largest answer to the SDK and the
	// largest stored value, in bytes as encoded.
	LargestAnswer int64 `json:"largestAnswer,omitempty"`
	LargestValue  int64 `json:"largestValue,omitempty"`
	// ScratchBytes is the most that the temp directory and the target's held.
	ScratchBytes int64 `json:"scratchBytes"`
}

// Process is what one process of a sync used.
type Process struct {
	UserSeconds   float64 `json:"userSeconds"`
	SystemSeconds float64 `json:"systemSeconds"`
	// PeakBytes is the peak resident set, the pages of the program's own file
	// among it; PeakAnonymousBytes, as sampled, are those that are not a file's.
	PeakBytes          int64 `json:"peakBytes"`
	PeakAnonymousBytes int64 `json:"peakAnonymousBytes"`
}

// CPU is the process's CPU time in seconds.
func (p Process) CPU() float64 { return p.UserSeconds + p.SystemSeconds }

// API is what the simulated tenant saw.
type API struct {
	Requests      int   `json:"requests"`
	TokenRequests int   `json:"tokenRequests"`
	BatchItems    int   `json:"batchItems"`
	ResourceUnits int   `json:"resourceUnits"`
	Throttled     int   `json:"throttled"`
	MaxInFlight   int   `json:"maxInFlight"`
	Bytes         int64 `json:"bytes"`
}

// Rows are the rows of a finished snapshot. DirectGrants are those that hold
// without expansion: what the connector emitted.
type Rows struct {
	Resources    int64 `json:"resources"`
	Entitlements int64 `json:"entitlements"`
	Grants       int64 `json:"grants"`
	DirectGrants int64 `json:"directGrants"`
	// Digest is the same for two snapshots if they hold the same rows.
	Digest string `json:"digest"`
}

// Emitted counts the rows that come from the connector.
func (r Rows) Emitted() int64 { return r.Resources + r.Entitlements + r.DirectGrants }

// Stored counts the rows in the snapshot, expansion included.
func (r Rows) Stored() int64 { return r.Resources + r.Entitlements + r.Grants }

// Truth is the outcome of comparing a snapshot with the tenant.
type Truth struct {
	Size      string `json:"size"`
	Resources int    `json:"resources"`
	// Entitlements, Direct and Effective are how many were expected.
	Entitlements int      `json:"entitlements"`
	Direct       int      `json:"direct"`
	Effective    int      `json:"effective"`
	Missing      int      `json:"missing"`
	Extra        int      `json:"extra"`
	Examples     []string `json:"examples,omitempty"`
}

// save writes the result to a file of its own.
func (r *Result) save(dir string) (string, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return "", fmt.Errorf("saving the results: %w", err)
	}
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return "", fmt.Errorf("saving the results: %w", err)
	}
	path := filepath.Join(dir, r.Started.UTC().Format("20060102T150405Z")+".json")
	if err := os.WriteFile(path, raw, fileMode); err != nil {
		return "", fmt.Errorf("saving the results: %w", err)
	}
	return path, nil
}

// load reads all results of a directory, the newest first.
func load(dir string) ([]*Result, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the results: %w", err)
	}
	var results []*Result
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the results: %w", err)
		}
		r := &Result{}
		if err := json.Unmarshal(raw, r); err != nil {
			return nil, fmt.Errorf("reading %s: %w", e.Name(), err)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("no results in %s: run make bench first", dir)
	}
	slices.SortFunc(results, func(a, b *Result) int { return b.Started.Compare(a.Started) })
	return results, nil
}
