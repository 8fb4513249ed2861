package directory

import (
	"sync"
)

// TakenSeats keeps how many users have each licence, between changes.
type TakenSeats struct {
	mu   sync.Mutex
	used []int
}

// SignInNames keeps people in the order of their sign-in names, which large tenants are asked for a page at a time.
type SignInNames struct {
	mu    sync.Mutex
	valid bool
	rows  []Ref
	keys  []string // In lower case, in the order of the rows.
}

// forget drops the order: somebody came, went, or got another name.
func (n *SignInNames) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.valid, n.rows, n.keys = false, nil, nil
}
