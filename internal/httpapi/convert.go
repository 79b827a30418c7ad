package httpapi

import (
	"strconv"
	"strings"

	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// null is a pointer as the contract's nullable: nil is null.
func null[T any](p *T) nullable.Nullable[T] {
	if p == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*p)
}

// nullText is a text of which the empty one means none.
func nullText(s string) nullable.Nullable[string] {
	if s == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(s)
}

// nullDate is a day of which the zero one means none.
func nullDate(d schooltime.Date) nullable.Nullable[openapi_types.Date] {
	if d.IsZero() {
		return nullable.NewNullNullable[openapi_types.Date]()
	}
	return nullable.NewNullableWithValue(toDate(d))
}

func anyOf(v any) nullable.Nullable[any] {
	if v == nil {
		return nullable.NewNullNullable[any]()
	}
	return nullable.NewNullableWithValue(v)
}

func toDate(d schooltime.Date) openapi_types.Date { return openapi_types.Date{Time: d.Time()} }

func fromDate(d openapi_types.Date) schooltime.Date { return schooltime.On(d.Time) }

func fromDatePtr(d *openapi_types.Date) schooltime.Date {
	if d == nil {
		return schooltime.Date{}
	}
	return fromDate(*d)
}

// version is the number in an If-Match whose form the contract has already checked.
func version(ifMatch string) int {
	n, _ := strconv.Atoi(strings.Trim(ifMatch, `"`))
	return n
}

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// mapped converts each item; an empty list is [], never null.
func mapped[A, B any](items []A, f func(A) B) []B {
	out := make([]B, len(items))
	for i, v := range items {
		out[i] = f(v)
	}
	return out
}

func pageOf(limit *api.LimitParam, cursor *api.CursorParam) page.Request {
	return page.Request{Limit: deref(limit), Cursor: deref(cursor)}
}

// toActions renders what may be done with a record, and why not.
func toActions(list []fault.Permission) []api.AllowedAction {
	return mapped(list, func(p fault.Permission) api.AllowedAction {
		return api.AllowedAction{Action: p.Action, Operation: p.Operation, Allowed: len(p.Refusals) == 0, Refusals: mapped(p.Refusals, toRefusal)}
	})
}
