package snapshotdiff

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
)

// runBytes is how much a sorter keeps in memory before it writes a sorted run
// to disk.
const runBytes = 16 << 20

// sorter puts any number of records in the order of their keys: in memory while
// they are few, in sorted runs on disk once they are not. Records with the same
// key keep no particular order.
type sorter struct {
	scratch string
	limit   int
	held    []record
	bytes   int
	runs    []string
	count   int
	sorted  bool // What is held is in order.
	most    int  // The most records that were in memory, for tests.
}

type record struct{ key, value []byte }

// sortKey joins parts so that keys compare as their parts do, one after the
// other. A part that holds the separator can only disturb the order.
func sortKey(parts ...string) []byte {
	return []byte(strings.Join(parts, "\x00"))
}

func newSorter(scratch string, limit int) *sorter {
	return &sorter{scratch: scratch, limit: limit}
}

// add keeps key and value, which must not be changed afterwards.
func (s *sorter) add(key, value []byte) error {
	const overhead = 48 // Two slice headers.
	s.held = append(s.held, record{key, value})
	s.bytes += len(key) + len(value) + overhead
	s.count++
	s.sorted = false
	s.most = max(s.most, len(s.held))
	if s.bytes < s.limit {
		return nil
	}
	return s.spill()
}

func (s *sorter) sort() {
	if s.sorted { // Somebody may be going through it.
		return
	}
	s.sorted = true
	slices.SortFunc(s.held, func(a, b record) int { return bytes.Compare(a.key, b.key) })
}

// spill writes what is in memory to disk.
func (s *sorter) spill() error {
	s.sort()
	file, err := os.CreateTemp(s.scratch, "changes")
	if err != nil {
		return fmt.Errorf("keeping changes on disk: %w", err)
	}
	s.runs = append(s.runs, file.Name())
	w := bufio.NewWriterSize(file, 1<<20)
	for _, r := range s.held {
		if _, err = w.Write(appendBytes(appendBytes(nil, r.key), r.value)); err != nil {
			break
		}
	}
	if err := errors.Join(err, w.Flush(), file.Close()); err != nil {
		return fmt.Errorf("keeping changes on disk: %w", err)
	}
	clear(s.held)
	s.held, s.bytes = s.held[:0], 0
	return nil
}

// all yields the records in order, as often as it is called. No record may be
// added afterwards.
func (s *sorter) all() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		if len(s.runs) == 0 {
			s.sort()
			for _, r := range s.held {
				if !yield(r, nil) {
					return
				}
			}
			return
		}
		if err := s.merge(yield); err != nil {
			yield(record{}, fmt.Errorf("reading changes back from disk: %w", err))
		}
	}
}

// merge yields the records of all runs.
func (s *sorter) merge(yield func(record, error) bool) error {
	if len(s.held) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
		s.held = nil
	}
	h := &runHeap{}
	defer h.close()
	for _, name := range s.runs {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		r := &run{file: file, reader: bufio.NewReaderSize(file, 64<<10)}
		*h = append(*h, r)
		if err := r.next(); err != nil {
			return err
		}
	}
	heap.Init(h)
	for h.Len() > 0 {
		first := (*h)[0]
		if !yield(first.head, nil) {
			return nil
		}
		err := first.next()
		switch {
		case errors.Is(err, io.EOF):
			heap.Pop(h)
			_ = first.file.Close()
		case err != nil:
			return err
		default:
			heap.Fix(h, 0)
		}
	}
	return nil
}

// remove deletes what is on disk.
func (s *sorter) remove() error {
	var errs []error
	for _, name := range s.runs {
		errs = append(errs, os.Remove(name))
	}
	s.runs, s.held = nil, nil
	return errors.Join(errs...)
}

// run is one sorted run while it is read. None is empty.
type run struct {
	file   *os.File
	reader *bufio.Reader
	head   record
}

func (r *run) next() error {
	key, err := readBytes(r.reader)
	if err != nil {
		return err
	}
	value, err := readBytes(r.reader)
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	r.head = record{key, value}
	return err
}

func appendBytes(to, b []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(b))), b...)
}

func readBytes(r *bufio.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	return b, nil
}

// runHeap has the run with the least record first.
type runHeap []*run

func (h *runHeap) Len() int           { return len(*h) }
func (h *runHeap) Less(i, j int) bool { return bytes.Compare((*h)[i].head.key, (*h)[j].head.key) < 0 }
func (h *runHeap) Swap(i, j int)      { (*h)[i], (*h)[j] = (*h)[j], (*h)[i] }

// Push is part of heap.Interface.
func (h *runHeap) Push(x any) {
	if r, ok := x.(*run); ok {
		*h = append(*h, r)
	}
}

// Pop is part of heap.Interface.
func (h *runHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (h *runHeap) close() {
	for _, r := range *h {
		_ = r.file.Close()
	}
}
