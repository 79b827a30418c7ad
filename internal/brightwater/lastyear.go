package brightwater

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

// SignIn makes a client for somebody of the cast who is there by now.
type SignIn func(ctx context.Context, person uuid.UUID, email string) (*client.ClientWithResponses, error)

// SetUpAfterAYear builds the trust as SetUp does, with the year before finished for three people, and
// ends on the first day of the year. The trust's clock stands a year earlier when it begins. Beside
// the profile its outcomes may wait for examination results, so that there is one that did.
func SetUpAfterAYear(ctx context.Context, hr *client.ClientWithResponses, root uuid.UUID, domain string, year int, signIn SignIn) (*Trust, error) {
	b := newBuilder(ctx, hr, root, domain, year)
	b.change = func(rules map[string]any) {
		if outcome, ok := rules["outcome"].(map[string]any); ok {
			outcome["deferral"] = "exam_results"
		}
	}
	before := &lastYear{builder: &builder{ctx: ctx, hr: hr, t: b.t, domain: domain, year: year - 1}, signIn: signIn, clients: map[string]*client.ClientWithResponses{}}
	for _, step := range []func() error{b.units, b.people, b.offices, b.plan, b.policy, b.calendar, before.run, b.cycle, b.enrol} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.t, nil
}

// lastYear is a finished year of a few people, played through the API day by day.
type lastYear struct {
	*builder
	signIn  SignIn
	clients map[string]*client.ClientWithResponses
	cycle   uuid.UUID
	windows []api.Window
	stories []*story
}

// story is one person's year: what they wrote, and how it was judged.
type story struct {
	who, reviewer, thanked string
	texts                  map[string]string // by section of a form
	titles                 []string          // of the objectives, by slot
	comment                string            // of the reviewer on the first check-in
	own                    string            // the person's rating
	rating                 api.RatingInput   // the reviewer's
	decided                *api.RatingInput  // the head's, where it is another
	waits                  string            // why the last objective waits, where it does

	appraisal, concern uuid.UUID
	objectives         []uuid.UUID
}

func text(s string) *string { return &s }

func (y *lastYear) run() error {
	for _, step := range []func() error{y.open, y.agree, y.autumn, y.worry, y.winter, y.relief, y.end, y.appeal, y.results, y.turn} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// open begins the year with the three alone: nobody else has anything left over from it.
func (y *lastYear) open() (err error) {
	name := schooltime.NewDate(y.year, 9, 1).String()[:4] + "-" + schooltime.NewDate(y.year+1, 9, 1).String()[2:4]
	if y.cycle, y.windows, err = StartYear(y.ctx, y.hr, y.t.PolicyVersion, name, y.year); err != nil {
		return err
	}
	y.stories = stories()
	var posts []uuid.UUID
	for _, s := range y.stories {
		posts = append(posts, y.t.Posts[s.who])
	}
	e, err := y.hr.EnrolPeopleWithResponse(y.ctx, y.cycle, nil, api.EnrolPeople{PostIds: posts})
	if err := done(e, err); err != nil {
		return err
	}
	for _, s := range y.stories {
		id := y.t.People[s.who]
		r, err := y.hr.ListAppraisalsWithResponse(y.ctx, &api.ListAppraisalsParams{CycleID: &y.cycle, PersonID: &id})
		if err := done(r, err); err != nil {
			return err
		}
		s.appraisal = r.JSON200.Items[0].ID
	}
	return nil
}

// as is somebody of the cast, signed in.
func (y *lastYear) as(key string) (*client.ClientWithResponses, error) {
	if c, ok := y.clients[key]; ok {
		return c, nil
	}
	c, err := y.signIn(y.ctx, y.t.People[key], y.t.Emails[key])
	y.clients[key] = c
	return c, err
}

// on moves the clock and has each story go on, as the person and as the reviewer.
func (y *lastYear) on(monthDay string, play func(s *story, own, reviewer *client.ClientWithResponses) error) error {
	r, err := y.hr.SetDemoClockWithResponse(y.ctx, nil, api.SetDemoClock{Today: toDate(y.day(monthDay))})
	if err := done(r, err); err != nil {
		return err
	}
	for _, s := range y.stories {
		own, err := y.as(s.who)
		if err != nil {
			return err
		}
		reviewer, err := y.as(s.reviewer)
		if err != nil {
			return err
		}
		if err := play(s, own, reviewer); err != nil {
			return fmt.Errorf("%s on %s: %w", s.who, monthDay, err)
		}
	}
	return nil
}

// agree has the objectives drafted, proposed and agreed.
func (y *lastYear) agree() error {
	return y.on("09-14", func(s *story, own, reviewer *client.ClientWithResponses) error {
		slots, err := own.ListObjectiveSlotsWithResponse(y.ctx, s.appraisal)
		if err := done(slots, err); err != nil {
			return err
		}
		for i, slot := range slots.JSON200.Items {
			if !slot.Required {
				continue
			}
			content := y.content(s.titles[i%len(s.titles)])
			for _, c := range slot.Checklist {
				content.Checklist[c.Code] = true
			}
			o, err := own.CreateObjectiveWithResponse(y.ctx, nil, api.CreateObjective{AppraisalID: s.appraisal, Slot: slot.Slot.Code, Content: content})
			if err := done(o, err); err != nil {
				return err
			}
			p, err := own.ProposeObjectiveWithResponse(y.ctx, o.JSON201.ID, &api.ProposeObjectiveParams{IfMatch: o.HTTPResponse.Header.Get("ETag")}, api.ProposeObjective{})
			if err := done(p, err); err != nil {
				return err
			}
			a, err := reviewer.ApproveObjectiveWithResponse(y.ctx, o.JSON201.ID, &api.ApproveObjectiveParams{IfMatch: p.HTTPResponse.Header.Get("ETag")})
			if err := done(a, err); err != nil {
				return err
			}
			s.objectives = append(s.objectives, o.JSON201.ID)
		}
		return nil
	})
}

func (y *lastYear) content(title string) api.ObjectiveContent {
	target := toDate(y.day("07-01"))
	return api.ObjectiveContent{Title: title, Text: title + ", week by week, with what there is.", TargetOn: &target, PriorityIds: []uuid.UUID{y.t.Priorities["1a"]}, Checklist: map[string]bool{},
		Criteria: []api.Item{{Text: "A measure before and after"}, {Text: "Work that shows it"}, {Text: "What colleagues say"}},
		Actions:  []api.Action{{Text: "Agree the start"}, {Text: "Try it with a colleague"}}}
}

// autumn is the first check-in, which the reviewer answers, and a note on the first objective.
func (y *lastYear) autumn() error {
	return y.on("11-02", func(s *story, own, reviewer *client.ClientWithResponses) error {
		sent, tag, err := y.checkIn(s, own, y.windows[0])
		if err != nil {
			return err
		}
		section := "went_well"
		r, err := reviewer.RespondToCheckInWithResponse(y.ctx, sent, &api.RespondToCheckInParams{IfMatch: tag}, api.RespondToCheckIn{Comments: []api.CheckInComment{{Section: &section, Text: s.comment}}})
		if err := done(r, err); err != nil {
			return err
		}
		n, err := reviewer.AddNoteWithResponse(y.ctx, s.appraisal, nil, api.AddNote{SubjectKind: "objective", SubjectID: &s.objectives[0], Text: "On its way: ask me for cover when you visit others."})
		return done(n, err)
	})
}

// winter is another check-in, a note of evidence and the mid-year review.
func (y *lastYear) winter() error {
	return y.on("02-10", func(s *story, own, reviewer *client.ClientWithResponses) error {
		if _, _, err := y.checkIn(s, own, y.windows[6]); err != nil {
			return err
		}
		e, err := own.AddEvidenceWithResponse(y.ctx, s.appraisal, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: s.objectives[0], Kind: "check_in", Title: "Before and after", Text: text(s.texts["progress"])})
		if err := done(e, err); err != nil {
			return err
		}
		held := y.day("02-10")
		m, err := reviewer.ScheduleMeetingWithResponse(y.ctx, nil, api.ScheduleMeeting{AppraisalID: s.appraisal, PlanCode: "mid_year", ScheduledAt: held.Time().Add(15*time.Hour + 30*time.Minute)})
		if err := done(m, err); err != nil {
			return err
		}
		on := toDate(held)
		v, err := reviewer.GetMeetingWithResponse(y.ctx, m.JSON201.ID)
		if err := done(v, err); err != nil {
			return err
		}
		w, err := reviewer.SaveMeetingWithResponse(y.ctx, m.JSON201.ID, &api.SaveMeetingParams{IfMatch: v.HTTPResponse.Header.Get("ETag")}, api.SaveMeeting{HeldOn: &on, Answers: y.fill(s, v.JSON200.Form.MustGet())})
		if err := done(w, err); err != nil {
			return err
		}
		c, err := reviewer.CompleteMeetingWithResponse(y.ctx, m.JSON201.ID, &api.CompleteMeetingParams{IfMatch: w.HTTPResponse.Header.Get("ETag")})
		return done(c, err)
	})
}

// checkIn writes a check-in and sends it.
func (y *lastYear) checkIn(s *story, own *client.ClientWithResponses, w api.Window) (uuid.UUID, string, error) {
	k, err := own.StartCheckInWithResponse(y.ctx, nil, api.StartCheckIn{AppraisalID: s.appraisal, WindowID: w.ID})
	if err := done(k, err); err != nil {
		return uuid.Nil, "", err
	}
	id := k.JSON201.ID
	v, err := own.SaveCheckInWithResponse(y.ctx, id, &api.SaveCheckInParams{IfMatch: k.HTTPResponse.Header.Get("ETag")}, api.SaveCheckIn{Answers: y.fill(s, k.JSON201.Form.MustGet())})
	if err := done(v, err); err != nil {
		return id, "", err
	}
	r, err := own.SubmitCheckInWithResponse(y.ctx, id, &api.SubmitCheckInParams{IfMatch: v.HTTPResponse.Header.Get("ETag")})
	if err := done(r, err); err != nil {
		return id, "", err
	}
	return id, r.HTTPResponse.Header.Get("ETag"), nil
}
