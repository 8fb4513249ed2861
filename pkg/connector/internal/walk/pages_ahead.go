package walk

import (
	"slices"
	"sync"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// maxPagesAhead is how many pages of people a process keeps: the one that is
// given next, and the one before, whose call may be made again.
const maxPagesAhead = 2

// PagesAhead are pages of people that were read and are still to be given. They
// save a request each: whoever does not have them reads them again.
type PagesAhead struct {
	mu    sync.Mutex
	pages []pageAhead
}

// pageAhead is a page of one sync, by its link.
type pageAhead struct {
	sync, ref string
	page      *sending.Page[graph.User]
}

// Keep keeps a page. A sync that has no id has nobody to keep it for.
func (p *PagesAhead) Keep(sync, ref string, page *sending.Page[graph.User]) {
	if sync == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages = slices.DeleteFunc(p.pages, func(kept pageAhead) bool { return kept.sync == sync && kept.ref == ref })
	p.pages = append(p.pages, pageAhead{sync, ref, page})
	p.pages = slices.Delete(p.pages, 0, max(0, len(p.pages)-maxPagesAhead))
}

// Find is a page that was kept, with rows of the caller's own; nil if it is not
// there.
func (p *PagesAhead) Find(sync, ref string) *sending.Page[graph.User] {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kept := range p.pages {
		if kept.sync == sync && kept.ref == ref {
			page := *kept.page
			page.Items = slices.Clone(page.Items)
			return &page
		}
	}
	return nil
}

// Drop forgets the pages of a sync that has given them all.
func (p *PagesAhead) Drop(sync string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages = slices.DeleteFunc(p.pages, func(kept pageAhead) bool { return kept.sync == sync })
}
