package httpapi_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// keptAYear keeps each class for a year: pay from its release, and evidence until the next statement.
const keptAYear = `{"retention": [
	{"class":"appraisal","months":12,"from":"cycle_end"},
	{"class":"self_assessment","months":12,"from":"release"},
	{"class":"evidence","months":1,"from":"next_statement","else_months":12},
	{"class":"concern","months":12,"from":"release"},
	{"class":"pay","months":12,"from":"release","else_months":12}]}`

// kept is a year in which everything that is written bears a mark.
type kept struct {
	*reported
	t    *testing.T
	mark string
}

func newKept(t *testing.T) *kept {
	t.Helper()
	var rules, privacy map[string]any
	require.NoError(t, json.Unmarshal([]byte(reportRules), &rules))
	require.NoError(t, json.Unmarshal([]byte(keptAYear), &privacy))
	rules["privacy"] = privacy
	k := &kept{&reported{goals: newGoals(t, rules)}, t, "canary" + uuid.NewString()[:13]}
	k.objective = k.drafted("ada", "practice", func(o *api.CreateObjective) {
		o.Content = api.ObjectiveContent{Title: k.text("Title"), Text: k.text("Text"), Criteria: []api.Item{{Text: k.text("Criterion")}}, Actions: []api.Action{{Text: k.text("Action")}}, CpdSupport: ptr(k.text("Course"))}
	})
	require.Equal(t, "done", k.do("ada", "propose", k.objective))
	require.Equal(t, "done", k.do("ben", "approve", k.objective))
	k.writes()
	return k
}

func (k *kept) text(what string) string { return what + " " + k.mark }

// writes fills the year: a note, evidence with a document, a concern, a check-in.
func (k *kept) writes() {
	k.T.Helper()
	ctx, ada, ben := k.T.Context(), k.As("ada"), k.As("ben")
	n, err := ben.AddNoteWithResponse(ctx, k.appraisal, &api.AddNoteParams{IdempotencyKey: ptr("a note")}, api.AddNote{SubjectKind: "objective", SubjectID: &k.objective, Text: k.text("Note")})
	apitest.OK(k.T, n, err)
	e, err := ada.AddEvidenceWithResponse(ctx, k.appraisal, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: k.objective, Kind: "note", Title: k.text("Seen"), Text: ptr(k.text("Seen"))})
	apitest.OK(k.T, e, err)
	ct, body := form(k.T, part{field: "subject_kind", value: "objective"}, part{field: "subject_id", value: k.objective.String()}, part{field: "kind", value: "document"},
		part{field: "title", value: k.text("Ages")}, part{"file", smallPDF + "\n% " + k.mark + "\n", k.mark + ".pdf"})
	u, err := ada.UploadEvidenceWithBodyWithResponse(ctx, k.appraisal, ct, body)
	apitest.OK(k.T, u, err)
	c, err := ben.RaiseConcernWithResponse(ctx, nil, api.RaiseConcern{AppraisalID: k.appraisal, Stage: "informal", Contents: []api.ConcernContent{{Code: "nature", Text: k.text("Marking")}}})
	apitest.OK(k.T, c, err)
	shut, err := ben.CloseConcernWithResponse(ctx, c.JSON201.ID, &api.CloseConcernParams{IfMatch: etag(c.JSON201.Version)}, api.CloseConcern{Outcome: "resolved", Text: k.text("Closed")})
	apitest.OK(k.T, shut, err)
	k.On("2026-11-03")
	s, err := ada.StartCheckInWithResponse(ctx, nil, api.StartCheckIn{AppraisalID: k.appraisal, WindowID: k.Windows[0].ID})
	apitest.OK(k.T, s, err)
	saved, err := ada.SaveCheckInWithResponse(ctx, s.JSON201.ID, &api.SaveCheckInParams{IfMatch: etag(s.JSON201.Version)}, api.SaveCheckIn{Answers: map[string]any{"notes": k.text("Week")}})
	apitest.OK(k.T, saved, err)
	sent, err := ada.SubmitCheckInWithResponse(ctx, s.JSON201.ID, &api.SubmitCheckInParams{IfMatch: etag(saved.JSON200.Version)})
	apitest.OK(k.T, sent, err)
	k.On("2027-08-02")
}

// ends takes Ada's year to its end in marked words, has something put right, and closes the cycle.
func (k *kept) ends() {
	k.T.Helper()
	said := met
	said.Answers = map[string]any{"statement": k.text("Year")}
	k.done("ben", "outcome.state", said)
	k.done("cho", "outcome.decide", api.SaveStep{})
	k.done("ada", "outcome.hers", api.SaveStep{})
	k.done("ben", "outcome.his", api.SaveStep{})
	c, err := k.As("ada").RequestCorrectionWithResponse(k.T.Context(), k.appraisal, nil, api.RequestCorrection{Part: "pay", Text: k.text("Pay"), Reason: k.text("Reason")})
	apitest.OK(k.T, c, err)
	endYear(k.Process)
}

// holds counts, table by table, the rows of the trust in which the mark stands anywhere, and the
// documents that hold it.
func (k *kept) holds() map[string]int {
	k.T.Helper()
	ctx := k.T.Context()
	sql, err := pgx.Connect(ctx, k.Stack.AdminURL)
	require.NoError(k.T, err)
	defer func() { _ = sql.Close(ctx) }()
	rows, err := sql.Query(ctx, `select c.table_name, string_agg(format(case when c.data_type = 'bytea' then 'encode(%I, ''escape'')' else 'cast(%I as text)' end, c.column_name), ', ')
		from information_schema.columns c join information_schema.columns t on t.table_name = c.table_name and t.table_schema = 'public' and t.column_name = 'trust_id'
		where c.table_schema = 'public' group by 1 order by 1`)
	require.NoError(k.T, err)
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Name, Columns string }])
	require.NoError(k.T, err)
	require.Greater(k.T, len(tables), 50)
	found := map[string]int{}
	for _, at := range tables {
		var n int
		require.NoError(k.T, sql.QueryRow(ctx, fmt.Sprintf("select count(*) from %s where trust_id = $1 and position($2 in concat_ws(' ', %s)) > 0", at.Name, at.Columns), k.Trust, k.mark).Scan(&n))
		if n > 0 {
			found[at.Name] = n
		}
	}
	require.NoError(k.T, k.Stack.Blobs.Each(ctx, k.Trust, func(key string, _ time.Time) error {
		f, err := k.Stack.Blobs.Open(ctx, key)
		require.NoError(k.T, err)
		defer func() { _ = f.Close() }()
		content, err := io.ReadAll(f)
		require.NoError(k.T, err)
		if strings.Contains(string(content), k.mark) {
			found["a document"]++
		}
		return nil
	}))
	if strings.Contains(apitest.Logs(), k.mark) {
		found["the log"]++
	}
	return found
}

func (k *kept) preview(asOf string) api.RetentionPreview {
	k.T.Helper()
	at := day(asOf)
	r, err := k.World.HR.PreviewRetentionWithResponse(k.T.Context(), &api.PreviewRetentionParams{AsOf: &at})
	apitest.OK(k.T, r, err)
	return *r.JSON200
}

func (k *kept) run(asOf, token string) (*client.RunRetentionResponse, error) {
	return k.World.HR.RunRetentionWithResponse(k.T.Context(), api.RunRetention{AsOf: day(asOf), Expected: token})
}

// counted is what a preview or a run says of each class: how many are erased, how many held.
func counted(counts []api.RetentionCount) map[string][2]int {
	out := map[string][2]int{}
	for _, c := range counts {
		out[string(c.Class)] = [2]int{c.Erased, c.Held}
	}
	return out
}

// archive downloads what somebody asked for, file by file.
func (k *kept) archive(who *apitest.Person, export uuid.UUID) map[string]string {
	k.T.Helper()
	return archived(k.T, who, export)
}

func archived(t testing.TB, who *apitest.Person, export uuid.UUID) map[string]string {
	t.Helper()
	r, err := who.DownloadSubjectAccessExportWithResponse(t.Context(), export)
	apitest.OK(t, r, err)
	z, err := zip.NewReader(bytes.NewReader(r.Body), int64(len(r.Body)))
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(in)
		require.NoError(t, err)
		files[f.Name] = string(content)
	}
	return files
}
