// Package retention is how long records are kept, and everything that is held about a person.
//
// It owns the preview of what would be erased, the erasing of exactly that, legal holds, and the
// archive that answers somebody who asks for everything about themselves. It does not own the rules,
// which are the policy's, nor the audit trail, which holds no text and is never erased.
package retention
