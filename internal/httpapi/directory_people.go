package httpapi

import (
	"cmp"
	"context"
	"time"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
)

// slowest is longer than any request may take: what is stored later was changed after a list that
// began so long ago, and is found by the next.
const slowest = 30 * time.Second

// ListPeople handles GET /v1/people.
func (s *Server) ListPeople(ctx context.Context, r server.ListPeopleRequestObject) (server.ListPeopleResponseObject, error) {
	q := r.Params
	f := directory.PersonFilter{UnitID: q.UnitID, Status: string(deref(q.Status)), UpdatedSince: q.UpdatedSince}
	if q.ExternalID != nil {
		id, ok := directory.ParseExternalID(*q.ExternalID)
		if !ok {
			return nil, badExternalID("query")
		}
		f.ExternalID = &id
	}
	asOf := moment(s.Now().Add(-slowest))
	list, err := s.directory.People(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListPeople200JSONResponse{Body: api.PersonList{Items: mapped(list.Items, toPerson), NextCursor: null(list.Next), AsOf: asOf}}, nil
}

func badExternalID(in string) error {
	e := fault.New(fault.Malformed, "bad_external_id", "Give an outside id as system:value.")
	e.Violations = []fault.Violation{{In: in, Pointer: "external_id", Code: e.Code, Detail: e.Message}}
	return e
}

// SearchPeople handles GET /v1/people/search.
func (s *Server) SearchPeople(ctx context.Context, r server.SearchPeopleRequestObject) (server.SearchPeopleResponseObject, error) {
	q := r.Params
	list, err := s.directory.Search(ctx, deref(q.Q), pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.SearchPeople200JSONResponse{Body: api.PersonCardList{Items: mapped(list.Items, toCard), NextCursor: null(list.Next)}}, nil
}

// CreatePerson handles POST /v1/people.
func (s *Server) CreatePerson(ctx context.Context, r server.CreatePersonRequestObject) (server.CreatePersonResponseObject, error) {
	details, post := fromPerson(r.Body)
	p, err := s.directory.CreatePerson(ctx, details, post)
	if err != nil {
		return nil, err
	}
	return server.CreatePerson201JSONResponse{Body: toPerson(*p)}, nil
}

// GetPerson handles GET /v1/people/{person_id}.
func (s *Server) GetPerson(ctx context.Context, r server.GetPersonRequestObject) (server.GetPersonResponseObject, error) {
	p, err := s.directory.Person(ctx, r.PersonID)
	if err != nil {
		return nil, err
	}
	return server.GetPerson200JSONResponse{Body: toPerson(*p)}, nil
}

// UpdatePerson handles PATCH /v1/people/{person_id}.
func (s *Server) UpdatePerson(ctx context.Context, r server.UpdatePersonRequestObject) (server.UpdatePersonResponseObject, error) {
	b := cmp.Or(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	p, err := s.directory.UpdatePerson(ctx, r.PersonID, version(r.Params.IfMatch), func(d *directory.Details) {
		replaced(b.GivenName, &d.GivenName)
		replaced(b.FamilyName, &d.FamilyName)
		patched(b.Email, &d.Email)
		if b.ExternalIds != nil {
			d.ExternalIDs = mapped(b.ExternalIds, fromExternalID)
		}
	})
	if err != nil {
		return nil, err
	}
	return server.UpdatePerson200JSONResponse{Body: toPerson(*p)}, nil
}

// PutPersonByExternalID handles PUT /v1/people/by-external-id/{external_id}.
func (s *Server) PutPersonByExternalID(ctx context.Context, r server.PutPersonByExternalIDRequestObject) (server.PutPersonByExternalIDResponseObject, error) {
	id, ok := directory.ParseExternalID(r.ExternalID)
	if !ok {
		return nil, badExternalID("path")
	}
	details, post := fromPerson(r.Body)
	p, err := s.directory.PutPerson(ctx, id, details, post)
	if err != nil {
		return nil, err
	}
	return server.PutPersonByExternalID200JSONResponse{Body: toPerson(*p)}, nil
}

// DeactivatePerson handles POST /v1/people/{person_id}/deactivate.
func (s *Server) DeactivatePerson(ctx context.Context, r server.DeactivatePersonRequestObject) (server.DeactivatePersonResponseObject, error) {
	p, err := s.directory.Deactivate(ctx, r.PersonID, version(r.Params.IfMatch), fromDate(r.Body.On))
	if err != nil {
		return nil, err
	}
	return server.DeactivatePerson200JSONResponse{Body: toPerson(*p)}, nil
}

func fromPerson(b *api.CreatePerson) (directory.Details, *directory.NewPost) {
	d := directory.Details{GivenName: b.GivenName, FamilyName: b.FamilyName, Email: b.Email, ExternalIDs: mapped(b.ExternalIds, fromExternalID)}
	if b.Post == nil {
		return d, nil
	}
	post := fromPost(b.Post)
	return d, &post
}

func fromExternalID(x api.ExternalID) directory.ExternalID {
	return directory.ExternalID{System: x.System, Value: x.Value}
}

func toPerson(p directory.Person) api.Person {
	external := mapped(p.ExternalIDs, func(x directory.ExternalID) api.ExternalID { return api.ExternalID{System: x.System, Value: x.Value} })
	return api.Person{ID: p.ID, Version: p.Version, GivenName: p.GivenName, FamilyName: p.FamilyName, Email: null(p.Email),
		Status: api.PersonStatus(p.Status), ExternalIds: external, Posts: mapped(p.Posts, toPost),
		CreatedAt: moment(p.CreatedAt), UpdatedAt: moment(p.UpdatedAt)}
}
