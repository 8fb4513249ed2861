package platformsim

import (
	"context"
	"path"
	"sync"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// Call is one call of a client.
type Call struct {
	// Method is the method's name, such as MethodHello.
	Method string
	// TaskID is the task that the call is about, if any.
	TaskID string
	// Agent is the client's User-Agent.
	Agent string
	// Refused is whether the answer was an error.
	Refused bool
	// At is when the call was answered.
	At time.Time
}

// recorder is what clients asked for.
type recorder struct {
	mu     sync.Mutex
	calls  []Call
	hellos []*v1.BatonServiceHelloRequest
}

func (r *recorder) add(c Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.At = time.Now()
	r.calls = append(r.calls, c)
}

// Calls lists the calls of a method, or all calls, in the order of the answers.
func (s *Server) Calls(method string) []Call {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	var found []Call
	for _, c := range s.recorder.calls {
		if method == "" || c.Method == method {
			found = append(found, c)
		}
	}
	return found
}

// Hellos lists the introductions of clients.
func (s *Server) Hellos() []*v1.BatonServiceHelloRequest {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	return append([]*v1.BatonServiceHelloRequest(nil), s.recorder.hellos...)
}

// validated is a message that knows its own rules.
type validated interface{ ValidateAll() error }

// unary stands before each call: faults, token, the message's own rules.
func (s *Server) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	method := path.Base(info.FullMethod)
	err := s.rules.match(method).strike(ctx)
	switch {
	case err != nil:
	case isHosted(info.FullMethod):
		ctx, err = s.authenticateHosted(ctx, info.FullMethod)
	default:
		err = s.authenticate(ctx)
	}
	if message, ok := request.(validated); ok && err == nil {
		if invalid := message.ValidateAll(); invalid != nil {
			err = status.Error(codes.InvalidArgument, invalid.Error())
		}
	}
	var response any
	if err == nil {
		response, err = handler(ctx, request)
	}
	about, _ := request.(interface{ GetTaskId() string })
	call := Call{Method: method, Agent: agent(ctx), Refused: err != nil}
	if about != nil {
		call.TaskID = about.GetTaskId()
	}
	s.recorder.add(call)
	return response, err
}

// stream stands before each upload, which deals with faults and rules itself.
func (s *Server) stream(_ any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	err := s.authenticate(stream.Context())
	if err == nil {
		err = handler(s, stream)
	}
	s.recorder.add(Call{Method: path.Base(info.FullMethod), Agent: agent(stream.Context()), Refused: err != nil})
	return err
}

func agent(ctx context.Context) string {
	given, _ := metadata.FromIncomingContext(ctx)
	for _, value := range given.Get("user-agent") {
		return value
	}
	return ""
}

// Hello takes a client's introduction. With a task id it is the answer to a
// hello task, which has no other.
func (s *Server) Hello(_ context.Context, r *v1.BatonServiceHelloRequest) (*v1.BatonServiceHelloResponse, error) {
	if id := r.GetTaskId(); id != "" {
		if err := s.tasks.finish(id, &Outcome{}); err != nil {
			return nil, err
		}
	}
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.recorder.hellos = append(s.recorder.hellos, r)
	return &v1.BatonServiceHelloResponse{}, nil
}

// GetTask gives the next task.
func (s *Server) GetTask(context.Context, *v1.BatonServiceGetTaskRequest) (*v1.BatonServiceGetTaskResponse, error) {
	response := v1.BatonServiceGetTaskResponse_builder{
		Task:          v1.Task_builder{None: &v1.Task_NoneTask{}}.Build(),
		NextPoll:      durationpb.New(s.options.Poll),
		NextHeartbeat: durationpb.New(s.options.Heartbeat),
	}.Build()
	if next := s.tasks.take(1, nil); len(next) > 0 {
		response.SetTask(next[0])
	}
	return response, nil
}

// GetTasks gives the next tasks, but none that the client has.
func (s *Server) GetTasks(_ context.Context, r *v1.BatonServiceGetTasksRequest) (*v1.BatonServiceGetTasksResponse, error) {
	return v1.BatonServiceGetTasksResponse_builder{
		Tasks:         s.tasks.take(int(r.GetPageSize()), r.GetKnownTaskIds()),
		NextPoll:      durationpb.New(s.options.Poll),
		NextHeartbeat: durationpb.New(s.options.Heartbeat),
	}.Build(), nil
}

// Heartbeat takes a sign of life, and tells whether the task is still wanted.
func (s *Server) Heartbeat(_ context.Context, r *v1.BatonServiceHeartbeatRequest) (*v1.BatonServiceHeartbeatResponse, error) {
	cancelled, err := s.tasks.cancelled(r.GetTaskId())
	if err != nil {
		return nil, err
	}
	return v1.BatonServiceHeartbeatResponse_builder{NextHeartbeat: durationpb.New(s.options.Heartbeat), Cancelled: cancelled}.Build(), nil
}

// FinishTask takes the outcome of a task.
func (s *Server) FinishTask(_ context.Context, r *v1.BatonServiceFinishTaskRequest) (*v1.BatonServiceFinishTaskResponse, error) {
	o := &Outcome{Response: r.GetSuccess().GetResponse(), Annotations: r.GetSuccess().GetAnnotations()}
	if failed := r.GetError(); failed != nil {
		o.Failure = status.FromProto(r.GetStatus())
		o.NonRetryable, o.Response, o.Annotations = failed.GetNonRetryable(), failed.GetResponse(), failed.GetAnnotations()
	}
	if err := s.tasks.finish(r.GetTaskId(), o); err != nil {
		return nil, err
	}
	return &v1.BatonServiceFinishTaskResponse{}, nil
}

// StartDebugging agrees.
func (s *Server) StartDebugging(context.Context, *v1.StartDebuggingRequest) (*v1.StartDebuggingResponse, error) {
	return v1.StartDebuggingResponse_builder{Status: true}.Build(), nil
}
