package client

import "iter"

// Pages iterates over all items of a list, getting pages as they are needed. fetch gets one page: it
// is given the cursor, empty for the first page, and returns the items and the next cursor, empty
// after the last. An error ends the iteration.
func Pages[T any](fetch func(cursor string) ([]T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor, first := "", true; first || cursor != ""; first = false {
			items, next, err := fetch(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			cursor = next
		}
	}
}

// Cursor is a cursor as the parameters of a list take it: nil for the first page.
func Cursor(at string) *string {
	if at == "" {
		return nil
	}
	return &at
}
