package stafflist

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeadingsAreComparedByLettersAndDigits(t *testing.T) {
	for _, header := range []string{"Person_id", "PERSON ID", " person-id ", "Person.ID", "person  id:", bom + "PersonId"} {
		assert.Equal(t, FieldExternalID, newColumn(1, header).Field, header)
	}
	assert.Equal(t, Field(""), newColumn(1, "").Field)
	assert.Equal(t, Field(""), newColumn(1, "--").Field)
}

func TestNoHeadingMeansTwoFields(t *testing.T) {
	seen := map[string]Field{}
	for _, s := range specs {
		for _, group := range s.aliases {
			for _, alias := range group {
				key := headerKey(alias)
				assert.NotEmpty(t, key)
				assert.NotContains(t, seen, key, alias)
				assert.False(t, isSensitive(key), alias)
				seen[key] = s.field
			}
		}
	}
	for _, s := range specs {
		assert.Equal(t, s.field, newColumn(1, string(s.field)).Field, "an export's own headings come back")
	}
}

func TestFieldsAreDocumented(t *testing.T) {
	fields := Fields()
	assert.Len(t, fields, 28)
	for _, f := range fields {
		assert.NotEmpty(t, f.Aliases, f.Field)
		assert.True(t, strings.HasSuffix(f.Description, "."), f.Field)
		assert.Positive(t, f.MaxLength, f.Field)
	}
	fields[0].Aliases[0] = "changed"
	assert.NotEqual(t, "changed", Fields()[0].Aliases[0], "the caller's copy is its own")
}

func TestSensitiveColumns(t *testing.T) {
	for _, header := range []string{"Date of Birth", "DOB", "birth_date", "NI Number", "NI", "National Insurance No", "Ethnicity", "Ethnic Origin", "Bank Account No", "Sort Code", "Passport Number", "password", "Religion"} {
		assert.Equal(t, ColumnSensitive, newColumn(1, header).Status, header)
	}
	for _, header := range []string{"Initials", "Union Rep", "Unit", "Bank Staff", "Nickname", "Room"} {
		assert.NotEqual(t, ColumnSensitive, newColumn(1, header).Status, header)
	}
}

func TestPreferredNamesWinWhereverTheyStand(t *testing.T) {
	list := parse(t, "Legal Forename,Legal Surname,Preferred Surname,Forename,Preferred Forename\n"+
		"Alexandra,Jones,Pugh,Alex,Sasha\n"+
		"Alexandra,Jones,,Alex,\n")
	assert.Equal(t, "Sasha", *list.Rows[0].GivenName)
	assert.Equal(t, "Pugh", *list.Rows[0].FamilyName)
	assert.Equal(t, "Alexandra", *list.Rows[1].GivenName, "the first of the others fills an empty cell")
	assert.Equal(t, "Jones", *list.Rows[1].FamilyName)
	assert.Equal(t, []place{
		{0, 1, FieldGivenName, CodeColumnNotUsed}, {0, 4, FieldGivenName, CodeColumnNotUsed}, {0, 2, FieldFamilyName, CodeColumnNotUsed},
	}, places(list.Warnings))
	assert.Contains(t, list.Warnings[0].Message, "column 5")
}

func TestOfTwoOtherColumnsTheFirstIsUsedAlone(t *testing.T) {
	list := parse(t, "Name,Work Email,Email\nSiân Jones,,home@example.org\n")
	assert.Nil(t, list.Rows[0].Email, "a second address is not taken for the work one")
	assert.Equal(t, ColumnNotUsed, list.Columns[2].Status)
	assert.Equal(t, FieldEmail, list.Columns[2].Field)
}

func TestAFullNameFillsSeparateOnes(t *testing.T) {
	list := parse(t, "Name,Forename,Surname\n\"Jones, Mrs Siân\",Sian,\n,Zoë,Pugh\nBroken,Bryn,Rees\n")
	require.Empty(t, list.Errors())
	assert.Equal(t, []string{"Mrs", "Sian", "Jones"}, []string{*list.Rows[0].Title, *list.Rows[0].GivenName, *list.Rows[0].FamilyName})
	assert.Equal(t, ColumnFallback, list.Columns[0].Status)
}

func TestTheCallersMappingWins(t *testing.T) {
	const text = "Ref,Forename,Surname,Email,Work address\n1,Siân,Jones,old@a.uk,new@a.uk\n"
	list, err := Parse(strings.NewReader(text), Options{Mapping: map[string]Field{
		"REF": FieldExternalID, "work_address": FieldEmail, "Not here": FieldRole,
	}})
	require.NoError(t, err)
	assert.Equal(t, "1", *list.Rows[0].ExternalID)
	assert.Equal(t, "new@a.uk", *list.Rows[0].Email)
	assert.Equal(t, ColumnNotUsed, list.Columns[3].Status)
	assert.Equal(t, []place{{0, 4, FieldEmail, CodeColumnNotUsed}, {0, 0, FieldRole, CodeMappingUnused}}, places(list.Warnings))
	assert.Equal(t, "Not here", list.Warnings[1].Header)

	list, err = Parse(strings.NewReader(text), Options{Mapping: map[string]Field{"Email": ""}})
	require.NoError(t, err)
	assert.Nil(t, list.Rows[0].Email)
	assert.Equal(t, ColumnIgnored, list.Columns[3].Status)
}

func TestMappingsThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		mapping map[string]Field
		code    Code
	}{
		"no such field": {map[string]Field{"Name": "shoe_size"}, CodeBadMapping},
		"twice":         {map[string]Field{"Name": FieldFullName, "NAME": FieldTitle}, CodeBadMapping},
		"no letters":    {map[string]Field{"-": FieldTitle}, CodeBadMapping},
		"sensitive":     {map[string]Field{"Date of Birth": FieldStartOn}, CodeSensitiveMapping},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(strings.NewReader("Name,Date of Birth\nSiân Jones,1/2/80\n"), Options{Mapping: c.mapping})
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			assert.Equal(t, c.code, fault.Code)
			assert.Len(t, fault.Columns, 2)
		})
	}
}

func TestSensitiveCellsAreNotInTheResult(t *testing.T) {
	list, err := Parse(strings.NewReader("Name,Date of Birth\nSiân Jones,soon\n"), Options{Mapping: map[string]Field{"Date of Birth": ""}})
	require.NoError(t, err)
	assert.Empty(t, list.Errors(), "what is not kept is not checked")
	assert.Equal(t, ColumnSensitive, list.Columns[1].Status)
}
