package connector

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// messageLeftOut is the line that names a data set that is not read.
const messageLeftOut = "azure-ad: left out of the sync"

// ask sends the probes of data sets, and gives for each what Graph has against
// reading it; nil for nothing. The error is about Graph as a whole.
func (d *decider) ask(ctx context.Context, list []*source) (map[dataSet]error, error) {
	type probe struct {
		of  dataSet
		ref string
	}
	var probes []probe
	answers := make(map[dataSet]error, len(list))
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
		pages, err := sending.BatchPages[anyRow](ctx, d.client.Sender, refs)
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

// anyRow is a row of which nothing is looked at.
type anyRow struct{}

// after is the decision without what had to be left out since.
func (d *decision) after(left map[dataSet]string) *decision {
	if len(left) == 0 {
		return d
	}
	later := *d
	later.Reads = slices.DeleteFunc(slices.Clone(d.Reads), func(data dataSet) bool { return left[data] != "" })
	later.Left = maps.Clone(d.Left)
	if later.Left == nil {
		later.Left = map[dataSet]string{}
	}
	maps.Copy(later.Left, left)
	return &later
}

// refusedProbes are those of the data sets that Graph says the caller may not read.
// It is for what a sync cannot do without.
func (d *decider) refusedProbes(ctx context.Context, list []source) ([]source, error) {
	pointers := make([]*source, 0, len(list))
	for i := range list {
		pointers = append(pointers, &list[i])
	}
	answers, err := d.ask(ctx, pointers)
	if err != nil {
		return nil, err
	}
	var refused []source
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
