// Package concern is what happens when somebody's work gives concern: the informal stage, the formal
// record that is confirmed in writing, monitoring and its extension, the log of contacts and reviews,
// and the way back to normal or into a capability process.
//
// It owns concerns and their entries. What a capability process does to the appraisal is the
// appraisal's own (suspended, transferred); what is decided on pay then is pay's. A concern is seen by
// the person, by whoever holds it, by the heads above and by HR, and by nobody else.
package concern
