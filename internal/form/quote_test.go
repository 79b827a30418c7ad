package form_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/form"
)

func TestQuotedLinesStayWholeWithinTheLimitOfTheSection(t *testing.T) {
	t.Parallel()
	s := form.Section{Kind: form.Text, MaxChars: 10}
	for _, row := range []struct {
		lines []string
		text  string
		n     int
	}{
		{nil, "", 0},
		{[]string{"four", "five5"}, "four\nfive5", 2},
		{[]string{"four", "sixsix"}, "four", 1},
		{[]string{"über", "fünf5"}, "über\nfünf5", 2},
		{[]string{strings.Repeat("é", 12), "more"}, strings.Repeat("é", 10), 1},
	} {
		text, n := s.Join(row.lines)
		require.Equal(t, row.text, text)
		require.Equal(t, row.n, n)
	}
}
