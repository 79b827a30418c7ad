package httpapi

import (
	"cmp"
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
)

// ListPosts handles GET /v1/people/{person_id}/posts.
func (s *Server) ListPosts(ctx context.Context, r server.ListPostsRequestObject) (server.ListPostsResponseObject, error) {
	list, err := s.directory.Posts(ctx, r.PersonID)
	if err != nil {
		return nil, err
	}
	return server.ListPosts200JSONResponse(api.PostList{Items: mapped(list, toPost)}), nil
}

// CreatePost handles POST /v1/people/{person_id}/posts.
func (s *Server) CreatePost(ctx context.Context, r server.CreatePostRequestObject) (server.CreatePostResponseObject, error) {
	p, err := s.directory.CreatePost(ctx, r.PersonID, fromPost(r.Body))
	if err != nil {
		return nil, err
	}
	location := "/v1/posts/" + p.ID.String()
	return server.CreatePost201JSONResponse{Body: toPost(*p), Headers: server.CreatePost201ResponseHeaders{Location: &location}}, nil
}

// GetPost handles GET /v1/posts/{post_id}.
func (s *Server) GetPost(ctx context.Context, r server.GetPostRequestObject) (server.GetPostResponseObject, error) {
	p, err := s.directory.Post(ctx, r.PostID)
	if err != nil {
		return nil, err
	}
	return server.GetPost200JSONResponse{Body: toPost(*p)}, nil
}

// UpdatePost handles PATCH /v1/posts/{post_id}.
func (s *Server) UpdatePost(ctx context.Context, r server.UpdatePostRequestObject) (server.UpdatePostResponseObject, error) {
	b := cmp.Or(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	p, err := s.directory.UpdatePost(ctx, r.PostID, version(r.Params.IfMatch), func(p *directory.Post) { patchPost(b, p) })
	if err != nil {
		return nil, err
	}
	return server.UpdatePost200JSONResponse{Body: toPost(*p)}, nil
}

// EndPost handles POST /v1/posts/{post_id}/end.
func (s *Server) EndPost(ctx context.Context, r server.EndPostRequestObject) (server.EndPostResponseObject, error) {
	p, err := s.directory.EndPost(ctx, r.PostID, version(r.Params.IfMatch), fromDate(r.Body.On))
	if err != nil {
		return nil, err
	}
	return server.EndPost200JSONResponse{Body: toPost(*p)}, nil
}

func fromPost(b *api.CreatePost) directory.NewPost {
	return directory.NewPost{LineManagerID: b.LineManagerID, Post: directory.Post{
		UnitID: b.UnitID, JobTitle: b.JobTitle, StaffType: b.StaffType, RoleCode: b.RoleCode, Department: b.Department, FTEThousandths: fromFTE(b.Fte, 1000),
		Contract: cmp.Or(string(deref(b.Contract)), directory.Permanent), ContractEndsOn: fromDatePtr(b.ContractEndsOn), QTS: b.Qts,
		InductionStartsOn: fromDatePtr(b.InductionStartsOn), InductionEndsOn: fromDatePtr(b.InductionEndsOn), ProbationEndsOn: fromDatePtr(b.ProbationEndsOn),
		PayRange: b.PayRange, PayPoint: b.PayPoint, AtTopOfRange: b.AtTopOfRange, Tags: b.Tags, Term: directory.Term{FromOn: fromDate(b.FromOn)}}}
}

// fromFTE reads a share of full time; the one there was stays where none is given.
func fromFTE(s *string, was int) int {
	if s == nil {
		return was
	}
	if n, ok := directory.ParseFTE(*s); ok {
		return n
	}
	return directory.BadFTE
}

func patchPost(b *api.UpdatePost, p *directory.Post) {
	replaced(b.UnitID, &p.UnitID)
	replaced(b.JobTitle, &p.JobTitle)
	replaced(b.StaffType, &p.StaffType)
	patched(b.RoleCode, &p.RoleCode)
	patched(b.Department, &p.Department)
	p.FTEThousandths = fromFTE(b.Fte, p.FTEThousandths)
	p.Contract = cmp.Or(string(deref(b.Contract)), p.Contract)
	patchedDate(b.ContractEndsOn, &p.ContractEndsOn)
	patched(b.Qts, &p.QTS)
	patchedDate(b.InductionStartsOn, &p.InductionStartsOn)
	patchedDate(b.InductionEndsOn, &p.InductionEndsOn)
	patchedDate(b.ProbationEndsOn, &p.ProbationEndsOn)
	patched(b.PayRange, &p.PayRange)
	patched(b.PayPoint, &p.PayPoint)
	patched(b.AtTopOfRange, &p.AtTopOfRange)
	if b.Tags.IsSpecified() {
		p.Tags, _ = b.Tags.Get() // null is none
	}
	if b.FromOn != nil {
		p.FromOn = fromDate(*b.FromOn)
	}
}

func toPost(p directory.Post) api.Post {
	manager := nullable.NewNullNullable[api.LineManager]()
	if p.LineManager != nil {
		manager = nullable.NewNullableWithValue(toLineManager(*p.LineManager))
	}
	return api.Post{ID: p.ID, Version: p.Version, PersonID: p.PersonID, UnitID: p.UnitID, JobTitle: p.JobTitle, StaffType: p.StaffType,
		RoleCode: null(p.RoleCode), Department: null(p.Department), Fte: p.FTE(), Contract: api.PostContract(p.Contract), ContractEndsOn: nullDate(p.ContractEndsOn),
		Qts: null(p.QTS), InductionStartsOn: nullDate(p.InductionStartsOn), InductionEndsOn: nullDate(p.InductionEndsOn), ProbationEndsOn: nullDate(p.ProbationEndsOn),
		PayRange: null(p.PayRange), PayPoint: null(p.PayPoint), AtTopOfRange: null(p.AtTopOfRange), Tags: append([]string{}, p.Tags...), FromOn: toDate(p.FromOn), UntilOn: nullDate(p.UntilOn),
		LineManager: manager, CreatedAt: moment(p.CreatedAt), UpdatedAt: moment(p.UpdatedAt)}
}
