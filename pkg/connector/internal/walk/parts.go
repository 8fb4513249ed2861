package walk

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Syncers make answers of as many rows as a page of Graph's has, whatever they
// weigh. Here an answer that is too large for one message is given in parts: the
// page token of a part says where in the answer it begins. What is still to be
// given waits in the process. Where it is not there, because the sync goes on in
// another process, the syncer is asked once more.

// maxTasksPerAnswer is how many page tokens the SDK takes from one answer for
// its workers.
const maxTasksPerAnswer = 1024

// partPrefix begins the page token of a part. The syncers' own are JSON objects.
const partPrefix = "part/1/"

// part is the page token of a part of an answer.
type part struct {
	// Token is the syncer's page token that the answer is for.
	Token string
	// Offset is the first piece of the answer that the part is to have.
	Offset int
	// Hash is over the ids of the pieces before: an answer that is made once
	// more, and begins with others, is given from its beginning.
	Hash uint64
	// Restarts counts how often that was so.
	Restarts int
}

// newPart is the beginning of an answer.
func newPart(token string) part { return part{Token: token, Hash: fnv.New64a().Sum64()} }

func (p part) encode() string {
	return fmt.Sprintf("%s%d/%d/%016x/%s", partPrefix, p.Restarts, p.Offset, p.Hash, p.Token)
}

// decodePart reads a page token, and reports whether it is that of a part.
func decodePart(token string) (part, bool, error) {
	rest, ok := strings.CutPrefix(token, partPrefix)
	if !ok {
		return part{}, false, nil
	}
	fields := strings.SplitN(rest, "/", 4)
	if len(fields) < 4 {
		return part{}, true, ErrDamagedToken
	}
	restarts, err := strconv.Atoi(fields[0])
	if err != nil {
		return part{}, true, ErrDamagedToken
	}
	offset, err := strconv.Atoi(fields[1])
	if err != nil {
		return part{}, true, ErrDamagedToken
	}
	hash, err := strconv.ParseUint(fields[2], 16, 64)
	if err != nil || !CountsAreSound(restarts, offset) || strings.HasPrefix(fields[3], partPrefix) {
		return part{}, true, ErrDamagedToken
	}
	return part{Token: fields[3], Offset: offset, Hash: hash, Restarts: restarts}, true, nil
}

// ErrDamagedToken ends a sync whose page token is none of this build.
var ErrDamagedToken = status.Error(codes.InvalidArgument, "the page token is damaged; start the sync over")

// after is the part that follows so many pieces.
func (p part) after(given []piece) part {
	h := p.Hash
	for i := range given {
		h = hashOn(h, given[i].id())
	}
	p.Offset, p.Hash = p.Offset+len(given), h
	return p
}

// hashOn is FNV-1a, carried on from where it was, with an end after each id.
func hashOn(h uint64, id string) uint64 {
	const prime = 1099511628211
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * prime
	}
	return h * prime
}

// piece is what an answer is cut between: a task for the SDK's workers, or a row.
type piece struct {
	task string
	row  proto.Message
}

func (p *piece) id() string {
	switch row := p.row.(type) {
	case *v2.Grant:
		return row.GetId()
	case *v2.Entitlement:
		return row.GetId()
	case *v2.Resource:
		return row.GetId().GetResourceType() + ":" + row.GetId().GetResource()
	default:
		return p.task
	}
}

// size is what the piece adds to an answer: itself, its length and its number.
func (p *piece) size() int {
	n := len(p.task)
	if p.row != nil {
		n = proto.Size(p.row)
	}
	return protowire.SizeTag(1) + protowire.SizeBytes(n)
}

// name is what an error says of the piece.
func (p *piece) name() string {
	if p.row == nil {
		return "a page token"
	}
	return string(p.row.ProtoReflect().Descriptor().Name()) + " " + p.id()
}

// Answer is a response with rows.
type Answer[T proto.Message] interface {
	proto.Message
	Annotated
	GetList() []T
	SetList([]T)
	GetNextPageToken() string
	SetNextPageToken(string)
}

// PagedRequest is a request for an answer.
type PagedRequest interface {
	proto.Message
	GetPageToken() string
	SetPageToken(string)
}

// InParts answers a request with as much of call's answer as one message holds.
// Tasks for the SDK's workers come first, and all that the answer says of itself
// with its first rows; the syncer's next page token comes with the last. A row
// that is too large by itself is an error with its id.
func InParts[Q PagedRequest, R Answer[T], T proto.Message](ctx context.Context, waiting *Remainders, most *model.Largest, request Q, call func(context.Context, Q) (R, error)) (R, error) {
	var none R
	at, resumed, err := decodePart(request.GetPageToken())
	if err != nil {
		return none, err
	}
	if !resumed {
		response, err := call(ctx, request)
		if err != nil {
			return response, err
		}
		size, tasks := proto.Size(response), len(spawnedBy(response.GetAnnotations()).GetPageTokens())
		if size <= model.SizeLimit && tasks <= maxTasksPerAnswer {
			most.Note(size)
			return response, nil
		}
		return give(waiting, most, request, newPart(request.GetPageToken()), response, pieces(response))
	}
	whole, ok := proto.Clone(request).(Q)
	if !ok {
		return none, status.Error(codes.Internal, model.ErrorPrefix+"a request could not be copied")
	}
	whole.SetPageToken(at.Token)
	if kept, ok := waiting.take(whole, at); ok {
		if response, ok := kept.response.(R); ok {
			return give(waiting, most, whole, at, response, kept.pieces)
		}
	}
	response, err := call(ctx, whole)
	if err != nil {
		return response, err
	}
	all := pieces(response)
	if at.Offset <= len(all) && newPart(at.Token).after(all[:at.Offset]).Hash == at.Hash {
		return give(waiting, most, whole, at, response, all[at.Offset:])
	}
	if at.Restarts >= MaxRestarts {
		return none, errEverChanging
	}
	ctxzap.Extract(ctx).Info("azure-ad: a page that is given in parts has changed; it is given from its beginning", zap.Int("restart", at.Restarts+1))
	beginning := newPart(at.Token)
	beginning.Restarts = at.Restarts + 1
	return give(waiting, most, whole, beginning, response, all)
}

// errEverChanging ends a listing that would never end by itself.
var errEverChanging = status.Error(codes.Aborted, model.ErrorPrefix+"a page that is given in parts is another one each time that it is read; try again later")

// pieces are what is to be given of a response, which keeps the rest: what it
// says of itself, for whoever gets its first part, and its next page token.
func pieces[R Answer[T], T proto.Message](response R) []piece {
	var all []piece
	for _, token := range spawnedBy(response.GetAnnotations()).GetPageTokens() {
		all = append(all, piece{task: token})
	}
	for _, row := range response.GetList() {
		all = append(all, piece{row: row})
	}
	response.SetList(nil)
	response.SetAnnotations(withoutTasks(response.GetAnnotations()))
	return all
}

// give makes the part of a response that begins with the first of the pieces,
// and keeps the others for the next call. whole is the request for all of it.
func give[Q PagedRequest, R Answer[T], T proto.Message](waiting *Remainders, most *model.Largest, whole Q, at part, response R, left []piece) (R, error) {
	var none R
	given, ok := proto.Clone(response).(R)
	if !ok {
		return none, status.Error(codes.Internal, model.ErrorPrefix+"a response could not be copied")
	}
	n, err := fitting(left, proto.Size(response)+len(at.Token))
	if err != nil {
		return none, err
	}
	var rows []T
	var tasks []string
	for i := range left[:n] {
		if row, ok := left[i].row.(T); ok {
			rows = append(rows, row)
		} else {
			tasks = append(tasks, left[i].task)
		}
	}
	given.SetList(rows)
	if len(tasks) > 0 {
		annos := annotations.Annotations(given.GetAnnotations())
		annos.Append(v2.EnqueuePageTokens_builder{PageTokens: tasks}.Build())
		given.SetAnnotations(annos)
	}
	if n < len(left) {
		next := at.after(left[:n])
		given.SetNextPageToken(next.encode())
		response.SetAnnotations(ofEveryPart(response.GetAnnotations()))
		waiting.keep(whole, remainder{at: next, response: response, pieces: slices.Clone(left[n:])}) // Without the rows that are given.
	}
	most.Note(proto.Size(given))
	return given, nil
}

// fitting is how many of the pieces fit in an answer that has so many bytes
// besides them.
func fitting(left []piece, size int) (int, error) {
	const framing = 256 // The page token's own numbers, and the annotation around tasks.
	size += framing
	tasks := 0
	for i := range left {
		weight := left[i].size()
		if left[i].row == nil {
			tasks++
		}
		if size+weight <= model.SizeLimit && tasks <= maxTasksPerAnswer {
			size += weight
			continue
		}
		if i == 0 {
			return 0, status.Errorf(codes.Aborted, "%s%s has %d bytes, and an answer to the SDK holds %d", model.ErrorPrefix, left[0].name(), weight, model.SizeLimit)
		}
		return i, nil
	}
	return len(left), nil
}

// spawnedBy are the tasks that a response hands to the SDK's workers.
func spawnedBy(annos annotations.Annotations) *v2.EnqueuePageTokens {
	spawned := &v2.EnqueuePageTokens{}
	if found, err := annos.Pick(spawned); err != nil || !found {
		return nil
	}
	return spawned
}

// ofEveryPart are the annotations that say something of each row, wherever it is given.
func ofEveryPart(annos []*anypb.Any) []*anypb.Any {
	return slices.DeleteFunc(slices.Clone(annos), func(a *anypb.Any) bool { return !a.MessageIs(&v2.InsertResourceGrants{}) })
}

func withoutTasks(annos []*anypb.Any) []*anypb.Any {
	var others []*anypb.Any
	for _, a := range annos {
		if !a.MessageIs(&v2.EnqueuePageTokens{}) {
			others = append(others, a)
		}
	}
	return others
}

// Annotated is a response that can carry annotations.
type Annotated interface {
	GetAnnotations() []*anypb.Any
	SetAnnotations([]*anypb.Any)
}
