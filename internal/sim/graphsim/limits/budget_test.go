package limits

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestASpentBudgetIsRefusedAndFillsAgain(t *testing.T) {
	now := time.Unix(1000, 0)
	b := &Bucket{budget: Budget{Units: 100, Per: 10 * time.Second}, units: 100, filled: now}
	used, wait := b.charge(now, 79)
	assert.Zero(t, wait)
	assert.Less(t, used, warnFrom)
	used, wait = b.charge(now, 11)
	assert.Zero(t, wait)
	assert.InDelta(t, 0.9, used, 1e-9)
	used, wait = b.charge(now, 30)
	assert.Equal(t, 3, wait, "20 units too many at 10 a second, rounded up")
	assert.Greater(t, used, 1.0)
	_, wait = b.charge(now.Add(4*time.Second), 10)
	assert.Zero(t, wait)
	refused, highest := b.Totals(true)
	assert.Equal(t, 1, refused)
	assert.InDelta(t, 1.2, highest, 1e-9)
}

func TestRefusedRequestsCountButDebtHasAFloor(t *testing.T) {
	now := time.Unix(1000, 0)
	b := &Bucket{budget: Budget{Units: 100, Per: 10 * time.Second}, units: 0, filled: now}
	for range 50 {
		b.charge(now, 10)
	}
	_, wait := b.charge(now, 10)
	assert.Equal(t, 9, wait)
}

func TestNoBudgetLimitsNothing(t *testing.T) {
	b := &Bucket{}
	for range 1000 {
		used, wait := b.charge(time.Unix(1000, 0), 1000)
		assert.Zero(t, used)
		assert.Zero(t, wait)
	}
}
