package platformsim

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// maxPayload is what a function may be given and may answer
	// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
	maxPayload = 6<<20 + 100
	// maxRun is how long a function may run.
	maxRun = 15 * time.Minute
)

// errTooLarge is for calls and answers that the function runtime would refuse.
var errTooLarge = errors.New("the payload is larger than a function may take or give (6 MB)")

// runtime is Amazon's side of a function on its own wire
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
type runtime struct {
	address string
	http    *http.Server
	ended   chan struct{}
	waiting chan *invocation

	mu      sync.Mutex
	running map[string]*invocation
}

// invocation is one call of the function.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	answered chan answer
}

type answer struct {
	payload []byte
	err     error
}

func startRuntime() (*runtime, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	r := &runtime{
		address: listener.Addr().String(), ended: make(chan struct{}),
		waiting: make(chan *invocation), running: map[string]*invocation{},
	}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /2018-06-01/runtime/invocation/next", r.next)
	routes.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", r.respond)
	routes.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", r.fail)
	r.http = &http.Server{Handler: routes, ReadHeaderTimeout: readHeaderTimeout}
	go func() {
		defer close(r.ended)
		_ = r.http.Serve(listener) // It ends with close, and with nothing to say.
	}()
	return r, nil
}

func (r *runtime) close() error {
	err := r.http.Close()
	<-r.ended
	return err
}

// invoke gives a call to the function when it is free, and waits for the answer.
func (r *runtime) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > maxPayload {
		return nil, errTooLarge
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(maxRun)
	}
	i := &invocation{id: rand.Text(), payload: payload, deadline: deadline, answered: make(chan answer, 1)}
	select {
	case r.waiting <- i:
	case <-ctx.Done():
		return nil, fmt.Errorf("the function takes no call: %w", ctx.Err())
	}
	select {
	case got := <-i.answered:
		return got.payload, got.err
	case <-ctx.Done():
		return nil, fmt.Errorf("the function does not answer: %w", ctx.Err())
	}
}

// next waits for a call and hands it over.
func (r *runtime) next(w http.ResponseWriter, request *http.Request) {
	select {
	case <-request.Context().Done():
	case i := <-r.waiting:
		r.mu.Lock()
		r.running[i.id] = i
		r.mu.Unlock()
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", i.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(i.deadline.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:"+cloudRegion+":000000000000:function:"+functionName)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(i.payload) // Who called finds out by waiting.
	}
}

// respond takes the answer to a call.
func (r *runtime) respond(w http.ResponseWriter, request *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxPayload))
	if err != nil {
		r.finish(w, request.PathValue("id"), answer{err: errTooLarge}, http.StatusRequestEntityTooLarge)
		return
	}
	r.finish(w, request.PathValue("id"), answer{payload: payload}, http.StatusAccepted)
}

// fail takes the news that a call came to nothing.
func (r *runtime) fail(w http.ResponseWriter, request *http.Request) {
	said, _ := io.ReadAll(http.MaxBytesReader(w, request.Body, maxPayload))
	r.finish(w, request.PathValue("id"), answer{err: fmt.Errorf("the function failed: %s", said)}, http.StatusAccepted)
}

func (r *runtime) finish(w http.ResponseWriter, id string, a answer, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, known := r.running[id]
	if !known {
		http.Error(w, "there is no such call", http.StatusForbidden)
		return
	}
	delete(r.running, id)
	i.answered <- a
	w.WriteHeader(status)
}
