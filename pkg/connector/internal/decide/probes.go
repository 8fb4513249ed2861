package decide

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// messageLeftOut is the line that names a data set that is not read.
const messageLeftOut = "azure-ad: left out of the sync"

// Ask sends the probes of data sets, and gives for each what Graph has against
// reading it; nil for nothing. The error is about Graph as a whole.
func (d *Decider) Ask(ctx context.Context, list []*Source) (map[model.DataSet]error, error) {
	type probe struct {
		of  model.DataSet
		ref string
	}
	var probes []probe
	answers := make(map[model.DataSet]error, len(list))
	for _, s := range list {
		answers[s.Data] = nil
		for _, ref := range s.Probes {
			probes = append(probes, probe{s.Data, ref})
		}
	}
	for part := range slices.Chunk(probes, sending.MaxBatchSize) {
		refs := make([]string, 0, len(part))
		for _, p := range part {
			refs = append(refs, p.ref)
		}
		pages, err := sending.BatchPages[anyRow](ctx, d.Client.Sender, refs)
		if err != nil {
			return nil, err
		}
		for i, page := range pages {
			if of := part[i].of; answers[of] == nil && !failure.IsAbsent(page.Err) {
				answers[of] = page.Err
			}
		}
	}
	return answers, nil
}

// AskAgain asks, under way, whether a data set can be read: the error is what Graph has
// against it.
func (d *Decider) AskAgain(ctx context.Context, data model.DataSet) error {
	answers, err := d.Ask(ctx, []*Source{sourceOf(data)})
	if err != nil {
		return err
	}
	return answers[data]
}

// anyRow is a row of which nothing is looked at.
type anyRow struct{}

// After is the decision without what had to be left out since.
func (d *Decision) After(left map[model.DataSet]string) *Decision {
	if len(left) == 0 {
		return d
	}
	later := *d
	later.Reads = slices.DeleteFunc(slices.Clone(d.Reads), func(data model.DataSet) bool { return left[data] != "" })
	later.Left = maps.Clone(d.Left)
	if later.Left == nil {
		later.Left = map[model.DataSet]string{}
	}
	maps.Copy(later.Left, left)
	return &later
}

// RefusedProbes are those of the data sets that Graph says the caller may not read.
// It is for what a sync cannot do without.
func (d *Decider) RefusedProbes(ctx context.Context, list []Source) ([]Source, error) {
	pointers := make([]*Source, 0, len(list))
	for i := range list {
		pointers = append(pointers, &list[i])
	}
	answers, err := d.Ask(ctx, pointers)
	if err != nil {
		return nil, err
	}
	var refused []Source
	for i := range list {
		switch answer := answers[list[i].Data]; {
		case answer == nil && len(list[i].Probes) > 0:
		case answer == nil || lackOf(answer) != LacksNothing:
			refused = append(refused, list[i])
		default:
			return nil, fmt.Errorf("asking whether the token may read %s: %w", list[i].Purpose, answer)
		}
	}
	return refused, nil
}
