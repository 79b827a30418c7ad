package appeal_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/perennial-api/perennial/internal/appeal"
)

// An appeal that was withdrawn or not admitted is over; one that was decided goes on only before
// the next stage, and nothing but consent or a decision leads there.
func TestAnAppealMovesOnlyByItsLifecycle(t *testing.T) {
	t.Parallel()
	reached := map[appeal.Status]bool{appeal.Lodged: true, appeal.AwaitingAdmission: true}
	for range appeal.Lifecycle {
		for from, events := range appeal.Lifecycle {
			for _, to := range events {
				reached[to] = reached[to] || reached[from]
			}
		}
	}
	for _, s := range []appeal.Status{appeal.AwaitingAdmission, appeal.Lodged, appeal.AwaitingConsent, appeal.Decided, appeal.Refused, appeal.Withdrawn} {
		assert.True(t, reached[s], s)
	}
	for _, over := range []appeal.Status{appeal.Refused, appeal.Withdrawn} {
		assert.Empty(t, appeal.Lifecycle[over], over)
	}
	assert.Len(t, reached, 6)
	assert.Equal(t, []appeal.Status{appeal.AwaitingConsent, appeal.Lodged}, appeal.Lifecycle.Sources(appeal.Decide))
	assert.Equal(t, []appeal.Status{appeal.AwaitingConsent}, appeal.Lifecycle.Sources(appeal.Consent))
	assert.Equal(t, []appeal.Status{appeal.Decided}, appeal.Lifecycle.Sources(appeal.Continue))
	assert.Equal(t, []appeal.Status{appeal.AwaitingAdmission}, appeal.Lifecycle.Sources(appeal.Admit))
}
