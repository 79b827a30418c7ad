package httpapi_test

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// tlpEvidence is what Ada gathers on her first objective, and who has taken it.
var tlpEvidence = []replayScene{
	{"2026-12-10", "ada", "uploads a document", func(r *replay) (client.Answer, error) {
		ct, body := form(r.T, part{field: "subject_kind", value: "objective"}, part{field: "subject_id", value: r.ids["ada "+forSchool].String()},
			part{field: "kind", value: "document"}, part{field: "title", value: "Reading ages"}, part{"file", smallPDF, "ages.pdf"})
		e, err := r.who.UploadEvidenceWithBodyWithResponse(r.T.Context(), r.year("ada").ID, ct, body)
		if err == nil && e.JSON201 != nil {
			r.ids["document"] = e.JSON201.ID
		}
		return e, err
	}, created, "", nil},
	{"", "ada", "adds a link", tlpShow("link", nil, ptr("https://drive.trust.example/reading")), created, "", nil},
	{"", "ada", "adds a note before the next meeting", tlpShow("note", ptr("Most of them finish a book a week."), nil), created, "", nil},
	{"", "ada", "adds what she learned on a course", tlpShow("cpd", ptr("The course changed how I read aloud."), nil), created, "", nil},
	{"", "ada", "cannot add what the trust does not know", tlpShow("survey", ptr("Everybody agrees."), nil), invalid, "no_such_kind", citing("evidence.kinds")},
	{"2026-12-11", "dov", "finds none of it", tlpShown, gone, "not_found", nil},
	{"", "ben", "finds the four", tlpShown, ok, "", func(r *replay) { require.Len(r.T, replayed[api.EvidenceList](r).Items, 4) }},
	{"", "ben", "downloads the document", func(r *replay) (client.Answer, error) {
		return r.who.DownloadEvidenceWithResponse(r.T.Context(), r.ids["document"])
	}, ok, "", func(r *replay) { require.Equal(r.T, smallPDF, string(r.last.GetBody())) }},
	{"", "hr", "sees who took it", func(r *replay) (client.Answer, error) {
		id := r.ids["document"]
		return r.who.ListAuditEventsWithResponse(r.T.Context(), &api.ListAuditEventsParams{SubjectID: &id})
	}, ok, "", func(r *replay) {
		events := replayed[api.EventList](r).Items
		require.Equal(r.T, []string{"evidence.downloaded", "evidence.added"}, eventTypes(events))
		require.Equal(r.T, r.As("ben").ID, events[0].ActorID.MustGet())
	}},
}

// tlpTurning is the unfinished objective, carried into a year that is only being prepared.
var tlpTurning = []replayScene{
	{"2027-06-01", "hr", "prepares the next year", func(r *replay) (client.Answer, error) {
		r.ids["year"] = r.CycleID
		return r.who.GetCycleWithResponse(r.T.Context(), r.draftYear("2027-28", "2027-09-01").ID)
	}, ok, "", nil},
	{"", "hr", "cannot open it before its terms are known", func(r *replay) (client.Answer, error) {
		return r.who.OpenCycleWithResponse(r.T.Context(), r.CycleID, &api.OpenCycleParams{IfMatch: etag(1)})
	}, conflict, "calendar_missing", citing("meetings.plan[1].due")},
	{"", "hr", "enters the terms of two years", func(r *replay) (client.Answer, error) {
		both := calendar2026("2026-10-26", "2026-10-30")
		both.Terms = append(both.Terms, schoolTerm("autumn", "2027-09-02", "2027-12-17", "2027-10-25", "2027-10-29"),
			schoolTerm("spring", "2028-01-04", "2028-03-31", "2028-02-14", "2028-02-18"), schoolTerm("summer", "2028-04-18", "2028-07-21", "2028-05-29", "2028-06-02"))
		return r.who.SetSchoolCalendarWithResponse(r.T.Context(), r.Root, &api.SetSchoolCalendarParams{IfMatch: etag(1)}, both)
	}, ok, "", nil},
	{"2027-08-30", "hr", "opens it and takes everybody in", func(r *replay) (client.Answer, error) {
		r.openYear()
		return r.who.GetCycleWithResponse(r.T.Context(), r.CycleID)
	}, ok, "", nil},
	{"2027-09-02", "ada", "cannot carry it forward: the line manager drafts", tlpCarry("ada", forSchool), never, "not_your_act", citing("objectives.drafter")},
	{"", "ben", "cannot carry what is complete", tlpCarry("ada", forBehaviour), conflict, "objective_complete", nil},
	{"", "ben", "cannot carry the third before this year's self-assessments", tlpCarry("ada", forGrowth), conflict, "self_assessment_first", nil},
	{"", "ben", "carries the first into the new year as a draft", tlpCarry("ada", forSchool), created, "", func(r *replay) {
		o := replayed[api.Objective](r)
		require.Equal(r.T, api.ObjectiveApprovalDraft, o.Approval)
		require.Equal(r.T, r.ids["ada "+forSchool], o.CarriedFrom.MustGet())
		next := o.Next.MustGet()
		require.Equal(r.T, []any{"Reading in two classes", 0, true}, []any{next.Title, len(next.Smart), next.TargetOn.IsNull()}, "what was ticked and dated is asked again")
		require.Equal(r.T, []uuid.UUID{r.ids["reading"]}, next.PriorityIds)
	}},
	{"", "ben", "cannot carry it twice", tlpCarry("ada", forSchool), conflict, "already_carried", nil},
	{"", "ada", "keeps it in the year before", func(r *replay) (client.Answer, error) {
		return r.who.GetObjectiveWithResponse(r.T.Context(), r.ids["ada "+forSchool])
	}, ok, "", func(r *replay) {
		require.Equal(r.T, api.ObjectiveApprovalAgreed, replayed[api.Objective](r).Approval)
	}},
}

func tlpCarry(whose, slot string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.CarryForwardObjectiveWithResponse(r.T.Context(), r.year(whose).ID, nil, api.CarryForwardObjective{ObjectiveID: r.ids[whose+" "+slot]})
	}
}

func tlpShow(kind string, text, url *string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.AddEvidenceWithResponse(r.T.Context(), r.year("ada").ID, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: r.ids["ada "+forSchool],
			Kind: kind, Title: "What shows it", Text: text, URL: url})
	}
}

func tlpShown(r *replay) (client.Answer, error) {
	id := r.ids["ada "+forSchool]
	return r.who.ListEvidenceWithResponse(r.T.Context(), r.year("ada").ID, &api.ListEvidenceParams{SubjectID: &id})
}

// tlpWords reads the handbook as Dov does: in the trust's own words, with his group's deadline.
func tlpWords(r *replay) {
	r.T.Helper()
	group := "support"
	year := r.ids["year"]
	h, err := r.As("dov").GetPolicyHandbookWithResponse(r.T.Context(), r.PolicyVersion, &api.GetPolicyHandbookParams{StaffGroup: &group, CycleID: &year})
	apitest.OK(r.T, h, err)
	var said strings.Builder
	for _, section := range h.JSON200.Sections {
		said.WriteString(section.Title + "\n")
		for _, b := range section.Blocks {
			said.WriteString(b.Text + "\n" + strings.Join(b.Items, "\n") + strings.Join(b.Columns, "\n") + fmt.Sprintln(b.Rows))
		}
	}
	for _, words := range []string{"line person", "line manager", "performance development review", "14 November 2026"} {
		require.Contains(r.T, strings.ToLower(said.String()), strings.ToLower(words))
	}
	for _, words := range []string{"reviewee", "windows", "line manager is the line manager", "target on"} {
		require.NotContains(r.T, said.String(), words, "the handbook speaks the trust's language, and of nothing that there is not")
	}
	require.Contains(r.T, said.String(), "harbour behaviours")
}
