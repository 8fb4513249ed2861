package users

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"sync"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// earlierMemory is where a sync finds what one before it has read: in this process, if
// it serves one sync after the other, or in a file that was made from the snapshot
// before. Nothing rests on it: what a sync takes from here it puts into its index
// first, and where there is nothing it reads everything.
type earlierMemory struct {
	// file is empty where there is none.
	file string

	mu     sync.Mutex
	loaded bool
	latest *Earlier
	// syncID is the sync whose people are being noted in rows.
	syncID string
	rows   *earlierRows
	// used is what the sync usedBy has taken into its index.
	used   *Earlier
	usedBy string
}

// last is what the latest sync has read; nil where that is not known here.
func (m *earlierMemory) last(ctx context.Context) *Earlier {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.latest == nil && m.file != "" && !m.loaded {
		m.loaded = true
		var err error
		if m.latest, err = readEarlier(m.file); err != nil {
			ctxzap.Extract(ctx).Warn("azure-ad: what the snapshot before says of sign-ins cannot be used; all of it is read again", zap.Error(err))
		}
	}
	return m.latest
}

func readEarlier(path string) (*Earlier, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var e Earlier
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	if !e.sound() {
		return nil, errors.New("its columns do not fit together")
	}
	return &e, nil
}

// note keeps a page of people as they are given. With the last page, they are what the
// next sync finds, unless another process has given some of them.
func (m *earlierMemory) note(of pageOfPeople, tenant string, read map[model.DataSet]decide.Reading, resources []*v2.Resource, known *People) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if of.number == 0 {
		m.syncID, m.rows = of.syncID, newEarlierRows()
	}
	if m.syncID != of.syncID || m.rows == nil {
		return
	}
	rows := make([]earlierRow, 0, len(resources))
	for _, resource := range resources {
		id := resource.GetId().GetResource()
		last := known.signIns[id]
		if known.unknown[id] {
			last = unknownSignIn
		}
		var registered *registration
		if r, ok := known.registrations[id]; ok {
			registered = &r
		}
		row, ok := m.rows.row(id, last, registered)
		if !ok {
			m.rows = nil
			return
		}
		rows = append(rows, row)
	}
	m.rows.pages[of.number] = rows
	if of.last {
		if made := m.rows.earlier(tenant, read, of.number+1); made != nil {
			m.latest = made
		}
		m.syncID, m.rows = "", nil
	}
}

// use keeps what a sync has in its index.
func (m *earlierMemory) use(syncID string, e *Earlier) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.usedBy, m.used = syncID, e
}

// inUse is what a sync has in its index. Who does not say which sync it is reads it
// from there.
func (m *earlierMemory) inUse(ctx context.Context, ix walk.Index, syncID string) (*Earlier, error) {
	m.mu.Lock()
	used, usedBy := m.used, m.usedBy
	m.mu.Unlock()
	if syncID != "" && usedBy == syncID && used != nil {
		return used, nil
	}
	e, found, err := walk.GetValue[Earlier](ctx, ix, keyEarlier)
	switch {
	case err != nil:
		return nil, err
	case !found || !e.sound():
		return nil, fmt.Errorf("%w (%s)", walk.ErrIndexLost, keyEarlier)
	}
	if syncID != "" {
		m.use(syncID, &e)
	}
	return &e, nil
}

// WriteEarlier writes what a snapshot says of people's last sign-ins and registrations,
// for the sync that comes after it. It takes the snapshot's resources, of which only the
// tenant and the people count, and reports whether there was something to write.
func WriteEarlier(resources iter.Seq2[*v2.Resource, error], to io.Writer) (bool, error) {
	var tenant string
	var read map[model.DataSet]decide.Reading
	rows := newEarlierRows()
	for resource, err := range resources {
		if err != nil {
			return false, err
		}
		switch id := resource.GetId(); id.GetResourceType() {
		case model.TypeTenant:
			tenant, read = id.GetResource(), readOf(resource)
			if len(read) == 0 {
				return false, nil
			}
		case model.TypeUser:
			if resource.GetStatus().GetStatus() == v2.Status_RESOURCE_STATUS_DELETED {
				continue
			}
			last, registered, err := reportsOf(resource)
			if err != nil {
				return false, err
			}
			row, ok := rows.row(id.GetResource(), last, registered)
			if !ok {
				return false, nil
			}
			rows.pages[0] = append(rows.pages[0], row)
		}
	}
	if tenant == "" || len(rows.pages[0]) == 0 {
		return false, nil
	}
	return true, json.NewEncoder(to).Encode(rows.earlier(tenant, read, 1))
}

// readOf is how old a snapshot's sign-ins and registrations are, as its tenant says.
func readOf(tenant *v2.Resource) map[model.DataSet]decide.Reading {
	profile := tenant.GetProfile().AsMap()
	sets, _ := profile["dataSets"].([]any)
	read := map[model.DataSet]decide.Reading{}
	for _, data := range reportSets {
		if !slices.Contains(sets, any(string(data))) {
			continue
		}
		began, _ := profile["readAt"].(string)
		at, errAt := time.Parse(time.RFC3339, momentOf(profile, "earlier", data, began))
		full, errFull := time.Parse(time.RFC3339, momentOf(profile, "readInFull", data, began))
		if errAt == nil && errFull == nil {
			read[data] = decide.Reading{At: at, Full: full}
		}
	}
	return read
}

// momentOf is what a field of the tenant's profile says of a data set, or what holds
// where it says nothing.
func momentOf(profile map[string]any, field string, data model.DataSet, otherwise string) string {
	said, _ := profile[field].(map[string]any)
	if at, ok := said[string(data)].(string); ok {
		return at
	}
	return otherwise
}

// reportsOf is what describe has put into a person's resource.
func reportsOf(person *v2.Resource) (int64, *registration, error) {
	var last int64
	trait := &v2.UserTrait{}
	annos := annotations.Annotations(person.GetAnnotations())
	if _, err := annos.Pick(trait); err != nil {
		return 0, nil, fmt.Errorf("reading the person %s: %w", person.GetId().GetResource(), err)
	}
	if at := trait.GetLastLogin(); at != nil {
		last = at.AsTime().Unix()
	} else if person.GetProfile().GetFields()[fieldUnknown].GetBoolValue() {
		last = unknownSignIn
	}
	if trait.GetMfaStatus() == nil {
		return last, nil, nil
	}
	profile := person.GetProfile().AsMap()
	r := &registration{Registered: trait.GetMfaStatus().GetMfaEnabled()}
	r.Capable, _ = profile["mfaCapable"].(bool)
	r.Passwordless, _ = profile["passwordlessCapable"].(bool)
	methods, _ := profile["authenticationMethods"].([]any)
	for _, m := range methods {
		if method, ok := m.(string); ok {
			r.Methods = append(r.Methods, method)
		}
	}
	return last, r, nil
}
