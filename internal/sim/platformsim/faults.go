package platformsim

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The methods that a rule can name. All but MethodToken are calls of the task
// service.
const (
	MethodToken      = "Token"
	MethodHello      = "Hello"
	MethodGetTask    = "GetTask"
	MethodGetTasks   = "GetTasks"
	MethodHeartbeat  = "Heartbeat"
	MethodUpload     = "UploadAsset"
	MethodFinishTask = "FinishTask"
)

// Rule makes some calls go wrong.
type Rule struct {
	// Method is the calls that the rule is for; all if empty.
	Method string
	// Skip lets the first so many pass.
	Skip int
	// Times is how often the rule strikes; every time if zero.
	Times int
	// Delay comes before the answer, whatever that is.
	Delay time.Duration
	// Code refuses a call. The token endpoint knows one way to refuse.
	Code codes.Code
	// Message is what a refusal says.
	Message string
	// Break resets the connection instead of answering.
	Break bool
	// AfterBytes lets the rule strike an upload in its middle, when so much
	// data has arrived.
	AfterBytes int64
}

// Fault is a rule in force.
type Fault struct {
	Rule
	set    *ruleSet
	seen   int
	struck int
}

// ruleSet is the rules in force.
type ruleSet struct {
	mu     sync.Mutex
	faults []*Fault
}

// Struck is how often the fault has struck.
func (f *Fault) Struck() int {
	f.set.mu.Lock()
	defer f.set.mu.Unlock()
	return f.struck
}

// Remove ends the fault.
func (f *Fault) Remove() {
	f.set.mu.Lock()
	defer f.set.mu.Unlock()
	for i, other := range f.set.faults {
		if other == f {
			f.set.faults = append(f.set.faults[:i:i], f.set.faults[i+1:]...)
			return
		}
	}
}

// match is the first rule that strikes a call; the zero rule harms nothing.
func (r *ruleSet) match(method string) Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.faults {
		if f.Method != "" && f.Method != method {
			continue
		}
		f.seen++
		if f.seen > f.Skip && (f.Times == 0 || f.struck < f.Times) {
			f.struck++
			return f.Rule
		}
	}
	return Rule{}
}

// strike does what the rule says, and returns the error to answer with.
func (r Rule) strike(ctx context.Context) error {
	wait(ctx, r.Delay)
	switch {
	case r.Break:
		breakConnection(ctx)
		return status.Error(codes.Unavailable, "the connection was reset")
	case r.Code != codes.OK:
		return status.Error(r.Code, r.Message)
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// connectionKey is where the context of a call holds its connection.
type connectionKey struct{}

func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, c)
}

// breakConnection resets the connection that a call came by.
func breakConnection(ctx context.Context) {
	conn, ok := ctx.Value(connectionKey{}).(net.Conn)
	if !ok {
		return
	}
	if wrapped, ok := conn.(*tls.Conn); ok {
		conn = wrapped.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
