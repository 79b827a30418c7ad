package stafflist

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ColumnStatus says what became of a column.
type ColumnStatus string

// What becomes of columns. A fallback column fills the empty cells of the one
// that is used for its field. A sensitive column is never kept, whatever the
// caller's mapping says.
const (
	ColumnUsed      ColumnStatus = "used"
	ColumnFallback  ColumnStatus = "fallback"
	ColumnNotUsed   ColumnStatus = "not_used" // another column for the field won
	ColumnUnknown   ColumnStatus = "unknown"
	ColumnIgnored   ColumnStatus = "ignored" // by the caller's mapping
	ColumnSensitive ColumnStatus = "ignored_sensitive"
)

// Column is one column of the file and what it was read as.
type Column struct {
	Index  int    // from 1
	Header string // as written, at most 200 characters
	// Field is the field that the column is for, also when another column won.
	// It is "" for a column of any other kind.
	Field  Field
	Status ColumnStatus

	key        string // the heading as it is compared
	rank       int    // lower wins
	monthFirst bool   // one of its dates would be one with the month first
}

const shownHeader = 200

// sensitive are parts of headings whose columns are never kept, compared like
// headings are. Those in sensitiveWhole are too short to look for inside one.
var (
	sensitive = []string{
		"dateofbirth", "birthdate", "birthday", "nationalinsurance", "ninumber", "ethnic", "bankaccount", "bankname", "bankdetails",
		"banksort", "sortcode", "accountnumber", "iban", "passport", "password", "religio", "disabilit", "sexualorientation", "medical",
	}
	sensitiveWhole = []string{"dob", "ni", "nino", "bank", "race", "faith", "pwd"}
)

func isSensitive(key string) bool {
	return slices.Contains(sensitiveWhole, key) || slices.ContainsFunc(sensitive, func(part string) bool {
		return strings.Contains(key, part)
	})
}

// headerKey is a heading without case, blanks, punctuation and byte order mark.
func headerKey(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(header))
}

// aliasRank is the field that a heading means and how good a column for it is.
type aliasRank struct {
	field Field
	rank  int
}

// aliases are all headings that are known, by key.
var aliases = func() map[string]aliasRank {
	known := map[string]aliasRank{}
	for _, s := range specs {
		for rank, group := range s.aliases {
			for _, alias := range group {
				known[headerKey(alias)] = aliasRank{s.field, rank}
			}
		}
		if _, ok := known[headerKey(string(s.field))]; !ok {
			known[headerKey(string(s.field))] = aliasRank{s.field, 0}
		}
	}
	return known
}()

// readHeader turns the record of headings into columns, without settling yet
// which of two for one field is used.
func readHeader(rec record) ([]Column, error) {
	columns := make([]Column, 0, len(rec.cells))
	for i, raw := range rec.cells {
		if strings.IndexFunc(raw, isControl) >= 0 {
			return nil, fileError(rec.line, i+1, CodeControlCharacter, "the heading of column %d holds a control character: type it again", i+1)
		}
		header := tidyText(raw)
		if utf8.RuneCountInString(header) > MaxCell {
			return nil, fileError(rec.line, i+1, CodeTooLong, "the heading of column %d is longer than %d characters", i+1, MaxCell)
		}
		if utf8.RuneCountInString(header) > shownHeader {
			header = string([]rune(header)[:shownHeader])
		}
		columns = append(columns, newColumn(i+1, header))
	}
	return columns, nil
}

func newColumn(index int, header string) Column {
	c := Column{Index: index, Header: header, Status: ColumnUnknown, key: headerKey(header)}
	if isSensitive(c.key) {
		c.Status = ColumnSensitive
	} else if known, ok := aliases[c.key]; ok {
		c.Field, c.rank = known.field, known.rank
	}
	return c
}

// applyMapping lets the caller's mapping overrule the aliases, and returns the
// headings in it that the file does not have.
func applyMapping(columns []Column, mapping map[string]Field) (unused []string, fault *FileError) {
	seen := map[string]bool{}
	for _, header := range slices.Sorted(maps.Keys(mapping)) {
		field, key := mapping[header], headerKey(header)
		if field != "" && specOf(field) == nil {
			return nil, fileError(0, 0, CodeBadMapping, "the mapping names a field that does not exist: leave it empty to ignore a column")
		}
		if key == "" || seen[key] {
			return nil, fileError(0, 0, CodeBadMapping, "the mapping has a heading without letters, or one heading twice")
		}
		seen[key] = true
		found := false
		for i := range columns {
			if columns[i].key != key {
				continue
			}
			found = true
			if fault := columns[i].mapTo(field); fault != nil {
				return nil, fault
			}
		}
		if !found {
			unused = append(unused, header)
		}
	}
	return unused, nil
}

func (c *Column) mapTo(field Field) *FileError {
	if c.Status == ColumnSensitive {
		if field == "" {
			return nil
		}
		return fileError(0, c.Index, CodeSensitiveMapping, "the mapping asks for column %d, which is of a kind that is never kept", c.Index)
	}
	c.Field, c.rank = field, -1
	if field == "" {
		c.Status = ColumnIgnored
	}
	return nil
}

func specOf(field Field) *spec {
	for i := range specs {
		if specs[i].field == field {
			return &specs[i]
		}
	}
	return nil
}

// settle decides which columns are used, and returns for each of specs the
// indexes of the columns to read it from, best first.
func settle(columns []Column) (plan [][]int, losers []Problem) {
	plan = make([][]int, len(specs))
	for s := range specs {
		var found []int
		for i := range columns {
			if columns[i].Field == specs[s].field {
				found = append(found, i)
			}
		}
		slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(columns[a].rank, columns[b].rank) })
		for n, i := range found {
			columns[i].Status = statusOf(n, specs[s].fallback)
			if n > 0 {
				losers = append(losers, columns[i].lost(columns[found[0]].Index))
			}
		}
		if len(found) > 0 && !specs[s].fallback {
			found = found[:1]
		}
		plan[s] = found
	}
	return plan, losers
}

func statusOf(place int, fallback bool) ColumnStatus {
	switch {
	case place == 0:
		return ColumnUsed
	case fallback:
		return ColumnFallback
	}
	return ColumnNotUsed
}
