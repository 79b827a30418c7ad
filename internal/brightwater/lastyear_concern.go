package brightwater

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// worries are what Ines wrote of Tom's marking, as the trust's policy wants it covered.
var worries = []api.ConcernContent{
	{Code: "nature", Text: "Books of two classes came back three weeks late."}, {Code: "right_to_comment", Text: "You may write what you think of this at any time."},
	{Code: "support", Text: "Dev takes one of your duties until Christmas."}, {Code: "review_how_when", Text: "We look at ten books together in January."},
	{Code: "consequences", Text: "Where it goes on we agree further steps with Marta."},
}

// worry is a concern about Tom's marking: informal, then in writing, and monitored for four weeks.
func (y *lastYear) worry() error {
	return y.on("12-01", func(s *story, own, reviewer *client.ClientWithResponses) error {
		if s.who != Reviewee {
			return nil
		}
		r, err := reviewer.RaiseConcernWithResponse(y.ctx, nil, api.RaiseConcern{AppraisalID: s.appraisal, Stage: "informal", Contents: worries})
		if err := done(r, err); err != nil {
			return err
		}
		id := r.JSON201.ID
		s.concern = id
		sh, err := reviewer.ShareConcernWithResponse(y.ctx, id, &api.ShareConcernParams{IfMatch: tagOf(r.HTTPResponse)})
		if err := done(sh, err); err != nil {
			return err
		}
		f, err := reviewer.MakeConcernFormalWithResponse(y.ctx, id, &api.MakeConcernFormalParams{IfMatch: tagOf(sh.HTTPResponse)})
		if err := done(f, err); err != nil {
			return err
		}
		alone := false
		m, err := reviewer.LogConcernContactWithResponse(y.ctx, id, &api.LogConcernContactParams{IfMatch: tagOf(f.HTTPResponse)},
			api.LogConcernContact{HeldOn: toDate(y.day("12-01")), Kind: "meeting", Text: "We spoke about the marking and about his duties.", CompanionPresent: &alone})
		if err := done(m, err); err != nil {
			return err
		}
		c, err := reviewer.ConfirmConcernWithResponse(y.ctx, id, &api.ConfirmConcernParams{IfMatch: tagOf(m.HTTPResponse)})
		if err := done(c, err); err != nil {
			return err
		}
		return y.monitor(id, tagOf(c.HTTPResponse), own, reviewer)
	})
}

// monitor has the person say something to the concern, and the monitoring begin.
func (y *lastYear) monitor(id uuid.UUID, tag string, own, reviewer *client.ClientWithResponses) error {
	said, err := own.CommentOnConcernWithResponse(y.ctx, id, &api.CommentOnConcernParams{IfMatch: tag}, api.CommentOnConcern{Text: "I was covering two classes in November."})
	if err := done(said, err); err != nil {
		return err
	}
	m, err := reviewer.StartMonitoringWithResponse(y.ctx, id, &api.StartMonitoringParams{IfMatch: tagOf(said.HTTPResponse)}, api.StartMonitoring{StartsOn: toDate(y.day("12-01")), Weeks: 4,
		Targets: []api.SetConcernTarget{{Text: "Books are back within a week."}}, Support: text("One duty less until Christmas.")})
	return done(m, err)
}

// relief is the review of the monitoring in February, and the end of the concern.
func (y *lastYear) relief() error {
	return y.on("02-11", func(s *story, _, reviewer *client.ClientWithResponses) error {
		if s.concern == uuid.Nil {
			return nil
		}
		c, err := reviewer.GetConcernWithResponse(y.ctx, s.concern)
		if err := done(c, err); err != nil {
			return err
		}
		r, err := reviewer.ReviewMonitoringWithResponse(y.ctx, s.concern, &api.ReviewMonitoringParams{IfMatch: tagOf(c.HTTPResponse)},
			api.ReviewMonitoring{HeldOn: toDate(y.day("02-11")), Progress: "sufficient", Text: "Ten books of ten were marked in time."})
		if err := done(r, err); err != nil {
			return err
		}
		e, err := reviewer.CloseConcernWithResponse(y.ctx, s.concern, &api.CloseConcernParams{IfMatch: tagOf(r.HTTPResponse)}, api.CloseConcern{Outcome: "resolved", Text: "The books have been back in time since January."})
		return done(e, err)
	})
}
