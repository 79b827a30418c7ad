package httpapi_test

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// worry is a concern of a replay, by the name that its scenes give it.
type worry string

// on runs a command on the concern, in the version that whoever is on stage reads.
func (w worry) on(command func(r *replay, id uuid.UUID, tag string) (client.Answer, error)) deed {
	return func(r *replay) (client.Answer, error) {
		now, err := r.who.GetConcernWithResponse(r.T.Context(), r.ids[string(w)])
		if err != nil || now.JSON200 == nil {
			return now, err
		}
		return command(r, now.JSON200.ID, etag(now.JSON200.Version))
	}
}

func (w worry) read() deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetConcernWithResponse(r.T.Context(), r.ids[string(w)])
	}
}

func (w worry) raised(whose, stage string, serious bool, contents ...api.ConcernContent) deed {
	return func(r *replay) (client.Answer, error) {
		c, err := r.who.RaiseConcernWithResponse(r.T.Context(), nil, api.RaiseConcern{AppraisalID: r.year(whose).ID, Stage: api.RaiseConcernStage(stage), Serious: serious, Contents: contents})
		if err == nil && c.JSON201 != nil {
			r.ids[string(w)] = c.JSON201.ID
		}
		return c, err
	}
}

func (w worry) shared() deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ShareConcernWithResponse(r.T.Context(), id, &api.ShareConcernParams{IfMatch: tag})
	})
}

func (w worry) madeFormal() deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.MakeConcernFormalWithResponse(r.T.Context(), id, &api.MakeConcernFormalParams{IfMatch: tag})
	})
}

func (w worry) saying(contents ...api.ConcernContent) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.SaveConcernWithResponse(r.T.Context(), id, &api.SaveConcernParams{IfMatch: tag}, api.SaveConcern{Contents: contents})
	})
}

func (w worry) confirmed() deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ConfirmConcernWithResponse(r.T.Context(), id, &api.ConfirmConcernParams{IfMatch: tag})
	})
}

func (w worry) commented(text string) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.CommentOnConcernWithResponse(r.T.Context(), id, &api.CommentOnConcernParams{IfMatch: tag}, api.CommentOnConcern{Text: text})
	})
}

// contacted logs a contact of that kind on a day; a meeting says whether there was a companion.
func (w worry) contacted(kind, on string, companion *bool) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.LogConcernContactWithResponse(r.T.Context(), id, &api.LogConcernContactParams{IfMatch: tag},
			api.LogConcernContact{HeldOn: day(on), Kind: api.LogConcernContactKind(kind), Text: "How the reading group goes.", CompanionPresent: companion})
	})
}

func (w worry) monitoredFor(weeks int, starts string, reviews ...string) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		body := api.StartMonitoring{StartsOn: day(starts), Weeks: weeks, Support: ptr("An hour a week with a colleague."),
			Targets: []api.SetConcernTarget{{Text: "Every group is heard twice a week.", Support: ptr("A timetable for it.")}}}
		for _, on := range reviews {
			body.ReviewOn = append(body.ReviewOn, day(on))
		}
		return r.who.StartMonitoringWithResponse(r.T.Context(), id, &api.StartMonitoringParams{IfMatch: tag}, body)
	})
}

func (w worry) extendedBy(weeks int, reason string, explanation *string) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ExtendMonitoringWithResponse(r.T.Context(), id, &api.ExtendMonitoringParams{IfMatch: tag}, api.ExtendMonitoring{Weeks: weeks, ReasonCode: reason, Explanation: explanation})
	})
}

func (w worry) reviewed(on, progress string) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.ReviewMonitoringWithResponse(r.T.Context(), id, &api.ReviewMonitoringParams{IfMatch: tag},
			api.ReviewMonitoring{HeldOn: day(on), Progress: api.ReviewMonitoringProgress(progress), Text: "Seen in two lessons."})
	})
}

func (w worry) closed(outcome string) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.CloseConcernWithResponse(r.T.Context(), id, &api.CloseConcernParams{IfMatch: tag}, api.CloseConcern{Outcome: api.CloseConcernOutcome(outcome), Text: "It is as it should be."})
	})
}

// moved moves the concern to a capability process, with its notice where a day is given.
func (w worry) moved(noticeOn string) deed {
	return w.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		body := api.MoveToCapability{Reason: "The reading has not moved on."}
		if noticeOn != "" {
			body.Notice, body.NoticeOn = ptr("What happens now, and what may follow."), ptr(day(noticeOn))
		}
		return r.who.MoveToCapabilityWithResponse(r.T.Context(), id, &api.MoveToCapabilityParams{IfMatch: tag}, body)
	})
}

func resumes(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		a := r.year(whose)
		return r.who.ResumeAppraisalWithResponse(r.T.Context(), a.ID, &api.ResumeAppraisalParams{IfMatch: etag(a.Version)})
	}
}

// standsAt holds the concern that was read to its status, and to the day on which monitoring ends.
func standsAt(status, ends string) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		c := replayed[api.Concern](r)
		require.Equal(r.T, status, string(c.Status))
		if ends != "" {
			require.Equal(r.T, ends, c.MonitoringEndsOn.MustGet().String())
		}
	}
}

// allSaid is everything that this trust's record of a concern covers.
func allSaid() (all []api.ConcernContent) {
	for _, code := range []api.ConcernContentCode{"nature", "previous_support", "right_to_comment", "support", "review_how_when", "consequences"} {
		all = append(all, api.ConcernContent{Code: code, Text: "What is said of it."})
	}
	return all
}

const (
	aboutLia worry = "about lia"
	aboutDov worry = "about dov"
	aboutIvo worry = "about ivo"
)

// inOrderOfDays acts several strands of a year together, each in its own order.
func inOrderOfDays(strands ...[]replayScene) (all []replayScene) {
	for _, strand := range strands {
		on := ""
		for _, s := range strand {
			if s.on != "" {
				on = s.on
			}
			s.on = on
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b replayScene) int {
		if a.on == b.on {
			return 0
		}
		return map[bool]int{true: -1, false: 1}[a.on < b.on]
	})
	return all
}

// canoniumConcern is a concern that no monitoring mends, from its informal beginning to the suspended
// year that goes on after it.
var canoniumConcern = []replayScene{
	{"2026-10-14", "hr", "gives the school its terms", func(r *replay) (client.Answer, error) {
		return r.who.SetSchoolCalendarWithResponse(r.T.Context(), r.School, &api.SetSchoolCalendarParams{IfMatch: etag(0)}, calendar2026("2026-10-26", "2026-10-30"))
	}, ok, "", nil},
	{"", "ben", "does not reach the year of lia, whom ada reviews", aboutLia.raised("lia", "informal", false), gone, "not_found", nil},
	{"", "ada", "has a word with lia", aboutLia.raised("lia", "informal", false, allSaid()[0]), created, "", standsAt("informal", "")},
	{"", "lia", "does not see what is noted of it", aboutLia.read(), gone, "not_found", nil},
	{"", "ada", "shares it", aboutLia.shared(), ok, "", nil},
	{"", "lia", "sees it", aboutLia.read(), ok, "", standsAt("informal", "")},
	{"", "ben", "does not", aboutLia.read(), gone, "not_found", nil},
	{"", "cho", "who leads the school does", aboutLia.read(), ok, "", nil},
	{"2026-10-16", "ada", "puts it on record", aboutLia.madeFormal(), ok, "", standsAt("raised", "")},
	{"", "ada", "has left out most of what a record says", aboutLia.confirmed(), conflict, "concern_incomplete", func(r *replay) {
		citing("concern.must_cover")(r)
		require.Len(r.T, refusalHere(r).Errors, 5)
		require.Equal(r.T, []string{"concern_incomplete", "no_meeting_logged"}, refusalCodes(refusalHere(r)))
	}},
	{"", "ada", "writes all of it", aboutLia.saying(allSaid()...), ok, "", nil},
	{"", "ada", "does not say whether somebody came along", aboutLia.contacted("meeting", "2026-10-16", nil), invalid, "companion_unsaid", citing("concern.companion")},
	{"", "ada", "logs the meeting, to which lia brought somebody", aboutLia.contacted("meeting", "2026-10-16", ptr(true)), ok, "", nil},
	{"", "ada", "confirms it in writing", aboutLia.confirmed(), ok, "", func(r *replay) {
		require.Equal(r.T, "2026-10-16", replayed[api.Concern](r).ConfirmedOn.MustGet().String())
		require.Equal(r.T, 1, toDo(r, "lia", "lia", "comment_on_concern"))
	}},
	{"", "ada", "changes it no more", aboutLia.saying(allSaid()[:1]...), conflict, "wrong_status", nil},
	{"", "lia", "has her say", aboutLia.commented("I was alone with two groups."), ok, "", func(r *replay) {
		require.Zero(r.T, toDo(r, "lia", "lia", "comment_on_concern"))
	}},
	{"2026-10-19", "ada", "wants to see within three weeks", aboutLia.monitoredFor(3, "2026-10-19"), invalid, "reason_required", citing("concern.weeks_min")},
	{"", "ada", "monitors for six working weeks, of which none is the half-term's", aboutLia.monitoredFor(6, "2026-10-19", "2026-11-11", "2026-12-07"), ok, "", func(r *replay) {
		standsAt("monitoring", "2026-12-07")(r)
		require.Len(r.T, replayed[api.Concern](r).Monitoring.MustGet().Targets, 1)
		require.Empty(r.T, replayed[api.Concern](r).Warnings, "six weeks are normal")
	}},
	{"2026-11-02", "ada", "keeps in touch", aboutLia.contacted("call", "2026-11-02", nil), ok, "", nil},
	{"2026-11-11", "ada", "reviews it on the day", aboutLia.reviewed("2026-11-11", "some"), ok, "", nil},
	{"", "cho", "is too early with a capability process", aboutLia.moved("2026-11-11"), conflict, "monitoring_not_over", nil},
	{"2026-12-07", "ada", "is told that it ends", asksWhatWaits, ok, "", func(r *replay) {
		require.Equal(r.T, 1, toDo(r, "ada", "lia", "end_monitoring"))
	}},
	{"", "ada", "has no reason of the trust's for more", aboutLia.extendedBy(3, "busy", nil), invalid, "unknown_reason", citing("concern.extension_reasons")},
	{"", "ada", "adds three weeks, for lia was ill, and Christmas is between", aboutLia.extendedBy(3, "significant_absence", nil), ok, "", standsAt("extended", "2027-01-11")},
	{"2027-01-11", "ada", "must say why it lasts beyond four", aboutLia.extendedBy(2, "significant_absence", nil), invalid, "explanation_required", citing("concern.extension_weeks")},
	{"", "ada", "says why", aboutLia.extendedBy(2, "significant_absence", ptr("She was ill again in the new year.")), ok, "", func(r *replay) {
		standsAt("extended", "2027-01-25")(r)
		require.Equal(r.T, "extension_long", replayed[api.Concern](r).Warnings[0].Code)
	}},
	{"2027-01-25", "ada", "finds too little", aboutLia.reviewed("2027-01-25", "insufficient"), ok, "", nil},
	{"", "ada", "does not decide what follows", aboutLia.moved("2027-01-25"), never, "not_your_act", citing("concern.capability_by")},
	{"", "cho", "must give notice in writing", aboutLia.moved(""), invalid, "notice_required", citing("concern.notice")},
	{"", "cho", "begins a capability process", func(r *replay) (client.Answer, error) {
		r.before = r.due("lia")
		return aboutLia.moved("2027-01-25")(r)
	}, ok, "", standsAt("capability", "")},
	{"", "lia", "sees her year suspended", readYear("lia"), ok, "", func(r *replay) {
		a := replayed[api.Appraisal](r)
		require.Equal(r.T, "suspended", string(a.Status))
		require.Equal(r.T, "2027-01-25", a.Suspensions[0].FromOn.String())
		require.Empty(r.T, r.waiting("lia"), "nothing waits for her")
	}},
	{"", "lia", "drafts no target meanwhile", aim("lia's").drafted("lia", "objective_1", canoniumContent("Phonics")), conflict, "appraisal_suspended", citing("concern.capability")},
	{"", "ada", "arranges no meeting", talk("lia's").arranged("lia", "mid_term", "2027-02-10"), conflict, "appraisal_suspended", nil},
	{"", "hr", "reads when notice was given", aboutLia.read(), ok, "", func(r *replay) {
		require.Equal(r.T, "2027-01-25", replayed[api.Concern](r).Capability.MustGet().NoticeOn.MustGet().String())
	}},
	{"2027-03-08", "ada", "does not resume it", resumes("lia"), never, "role_not_admitted", nil},
	{"", "cho", "does", resumes("lia"), ok, "", func(r *replay) {
		require.Equal(r.T, api.AppraisalStatus("open"), replayed[api.Appraisal](r).Status)
		was := r.before
		require.Equal(r.T, []string{"2026-10-31", "2027-03-31", "2027-09-30"}, []string{was["initial"], was["mid_term"], was["outcome.report"]})
		now := r.due("lia")
		require.Equal(r.T, "2026-10-31", now["initial"], "what was due before does not move")
		for name, day := range was {
			if day > "2027-01-25" && !strings.HasSuffix(name, " opens") {
				require.Equal(r.T, apitest.Day(day).AddDate(0, 0, 42).Format("2006-01-02"), now[name], name)
			}
		}
	}},
	{"", "lia", "drafts a target", aim("lia's").drafted("lia", "objective_1", canoniumContent("Phonics")), created, "", nil},
}

// canoniumResolved is a concern that monitoring mends, and one so serious that none comes first.
var canoniumResolved = []replayScene{
	{"2027-04-19", "ben", "cannot begin with the record where it is not serious", aboutDov.raised("dov", "formal", false, allSaid()...), conflict, "informal_first", citing("concern.informal")},
	{"", "ben", "has a word with dov", aboutDov.raised("dov", "informal", false, allSaid()...), created, "", nil},
	{"", "ben", "puts it on record", aboutDov.madeFormal(), ok, "", standsAt("raised", "")},
	{"", "ben", "logs the meeting", aboutDov.contacted("meeting", "2027-04-19", ptr(false)), ok, "", nil},
	{"", "ben", "confirms it", aboutDov.confirmed(), ok, "", nil},
	{"", "ben", "monitors for four weeks", aboutDov.monitoredFor(4, "2027-04-19", "2027-05-17"), ok, "", standsAt("monitoring", "2027-05-17")},
	{"", "cho", "does not think it serious", aboutDov.moved("2027-04-19"), conflict, "monitoring_not_over", nil},
	{"2027-05-17", "ben", "finds it mended", aboutDov.reviewed("2027-05-17", "sufficient"), ok, "", nil},
	{"", "ben", "closes it", aboutDov.closed("resolved"), ok, "", standsAt("closed", "")},
	{"", "dov", "reads how it ended", aboutDov.read(), ok, "", func(r *replay) {
		require.Equal(r.T, "resolved", string(replayed[api.Concern](r).Outcome.MustGet()))
		require.Equal(r.T, api.AppraisalStatus("open"), r.year("dov").Status)
	}},
	{"2027-05-18", "cho", "raises a serious one about ivo", aboutIvo.raised("ivo", "formal", true, allSaid()...), created, "", nil},
	{"", "cho", "logs the meeting", aboutIvo.contacted("meeting", "2027-05-18", ptr(true)), ok, "", nil},
	{"", "cho", "cannot act before it is in writing", aboutIvo.moved("2027-05-18"), conflict, "wrong_status", nil},
	{"", "cho", "confirms it", aboutIvo.confirmed(), ok, "", nil},
	{"", "cho", "goes to a capability process at once", aboutIvo.moved("2027-05-18"), ok, "", standsAt("capability", "")},
	{"", "ivo", "has a suspended year", readYear("ivo"), ok, "", func(r *replay) {
		require.Equal(r.T, api.AppraisalStatus("suspended"), replayed[api.Appraisal](r).Status)
	}},
}
