// Package recording keeps on disk what a connector answered during a sync, page
// for page, and gives it back. The benchmark's floor replays it: the same rows
// through the same SDK, with nothing but reading and decoding in front of them.
//
// A recording is a directory. Each method and resource type has a file of
// length-delimited protobuf messages, and the index says where the answer to
// each request lies.
package recording

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"
)

const (
	indexName = "index.jsonl"
	dirMode   = 0o700
	fileMode  = 0o600
	// maxIndexLine bounds a line of the index; page tokens are part of it.
	maxIndexLine = 4 << 20
)

// request is what an answer is found by: everything of a call that decides its
// answer. The sync's own id is not part of it.
type request struct {
	Method string `json:"m"`
	Type   string `json:"t,omitempty"`
	// Resource is the resource, or for listings the parent, that is asked about.
	Resource string `json:"r,omitempty"`
	Token    string `json:"k,omitempty"`
}

// entry is a line of the index.
type entry struct {
	Request request `json:"q"`
	File    string  `json:"f"`
	Offset  int64   `json:"o"`
	Length  int     `json:"n"`
}

func (r request) file() string {
	name := r.Method
	if r.Type != "" {
		name += "-" + strings.ReplaceAll(r.Type, string(filepath.Separator), "_")
	}
	return name + ".pb"
}

// Writer adds answers to a recording. Every answer is on disk when add returns:
// the SDK ends the connector's process without a word.
type Writer struct {
	mu    sync.Mutex
	dir   string
	files map[string]*os.File
	ends  map[string]int64
	index *os.File
}

// NewWriter prepares a recording. The directory is made when the first answer
// comes: the SDK constructs connectors in processes that answer nothing.
func NewWriter(dir string) *Writer {
	return &Writer{dir: dir, files: map[string]*os.File{}, ends: map[string]int64{}}
}

func (w *Writer) add(r request, answer proto.Message) error {
	raw, err := proto.Marshal(answer)
	if err != nil {
		return fmt.Errorf("recording an answer: %w", err)
	}
	framed := append(binary.AppendUvarint(nil, uint64(len(raw))), raw...)
	w.mu.Lock()
	defer w.mu.Unlock()
	file, err := w.open(r.file())
	if err != nil {
		return err
	}
	if _, err := file.Write(framed); err != nil {
		return fmt.Errorf("recording an answer: %w", err)
	}
	start := w.ends[r.file()] + int64(len(framed)-len(raw))
	w.ends[r.file()] += int64(len(framed))
	line, err := json.Marshal(entry{Request: r, File: r.file(), Offset: start, Length: len(raw)})
	if err != nil {
		return fmt.Errorf("recording an answer: %w", err)
	}
	if _, err := w.index.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("recording an answer: %w", err)
	}
	return nil
}

func (w *Writer) open(name string) (*os.File, error) {
	if w.index == nil {
		if err := os.MkdirAll(w.dir, dirMode); err != nil {
			return nil, fmt.Errorf("making the recording: %w", err)
		}
		index, err := create(w.dir, indexName)
		if err != nil {
			return nil, err
		}
		w.index = index
	}
	if file := w.files[name]; file != nil {
		return file, nil
	}
	file, err := create(w.dir, name)
	if err != nil {
		return nil, err
	}
	w.files[name] = file
	return file, nil
}

func create(dir, name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
	if err != nil {
		return nil, fmt.Errorf("making the recording: %w", err)
	}
	return file, nil
}

// ErrNotRecorded means that the SDK asked for what it did not ask for while the
// recording was made.
var ErrNotRecorded = errors.New("the recording has no answer to this request")

// Reader gives recorded answers back. It is safe for concurrent use.
type Reader struct {
	files   map[string]*os.File
	entries map[request]entry
	buffers sync.Pool
}

// Open reads a recording's index.
func Open(dir string) (*Reader, error) {
	index, err := os.Open(filepath.Join(dir, indexName))
	if err != nil {
		return nil, fmt.Errorf("opening the recording: %w", err)
	}
	defer index.Close()
	r := &Reader{
		files:   map[string]*os.File{},
		entries: map[request]entry{},
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
	lines := bufio.NewScanner(index)
	lines.Buffer(nil, maxIndexLine)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("reading the recording's index: %w", err)
		}
		r.entries[e.Request] = e // What was asked twice was answered anew.
		if r.files[e.File] != nil {
			continue
		}
		if r.files[e.File], err = os.Open(filepath.Join(dir, e.File)); err != nil {
			return nil, fmt.Errorf("opening the recording: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the recording's index: %w", err)
	}
	return r, nil
}

// read decodes the answer to a request.
func (r *Reader) read(q request, into proto.Message) error {
	e, ok := r.entries[q]
	if !ok {
		return fmt.Errorf("%w: %s %s %s %.80s", ErrNotRecorded, q.Method, q.Type, q.Resource, q.Token)
	}
	buffer, ok := r.buffers.Get().(*[]byte)
	if !ok {
		buffer = new([]byte)
	}
	defer r.buffers.Put(buffer)
	if cap(*buffer) < e.Length {
		*buffer = make([]byte, e.Length)
	}
	raw := (*buffer)[:e.Length]
	if _, err := r.files[e.File].ReadAt(raw, e.Offset); err != nil {
		return fmt.Errorf("reading the recording: %w", err)
	}
	if err := proto.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("reading the recording: %w", err)
	}
	return nil
}
