package graphsim

import "time"

// WriteQuota is how many writes Graph takes from one application in one tenant (throttling-limits); it is in force
// unless SetWriteQuota says otherwise.
var WriteQuota = Budget{Units: 3000, Per: 150 * time.Second}

// SetWriteQuota limits the writes that may be made, refused ones included; the zero Budget limits nothing.
func (s *Server) SetWriteQuota(b Budget) { s.writes.set(b, s.now()) }
