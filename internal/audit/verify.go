package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"time"

	"github.com/google/uuid"
)

// What is wrong with a chain.
const (
	Changed     = "changed"       // the events of a block are not those that it was made of
	EventGone   = "event_removed" // a place in a block is empty
	EventMoved  = "event_moved"   // events of a block changed places
	BlockGone   = "block_removed"
	BrokenLink  = "broken_link" // a block does not follow the one before it
	FoundOther  = "column_changed"
	OtherAnchor = "anchor_differs" // the chain was made anew since its head was noted
	CutOff      = "cut_off"        // it ends before the head that was noted
)

var details = map[string]string{
	Changed:     "What happened in this block is not what it was made of: something was changed, added or taken away.",
	EventGone:   "An event of this block is gone.",
	EventMoved:  "Events of this block stand in another order than they happened in.",
	BlockGone:   "This block is gone.",
	BrokenLink:  "This block does not follow the one before it: one of the two was changed, moved or put in.",
	FoundOther:  "An event of this block is found under something else than it says.",
	OtherAnchor: "This block is another than the one that was noted: the chain was made anew.",
	CutOff:      "The chain ends before the block that was noted.",
}

// Block is a link of a chain as it is stored.
type Block struct {
	N    int64
	Prev string
	Hash string
	At   time.Time
}

// Stored is an event as it is stored: its place in its block, and its canonical body. Found says
// whether it is found by what its body says.
type Stored struct {
	I     int
	ID    uuid.UUID
	Body  []byte
	Found bool
}

// Anchor is the head of a chain as somebody noted it, outside.
type Anchor struct {
	N    int64
	Hash string
}

// Bad is the first block with which something is wrong, and what.
type Bad struct {
	Block  int64
	What   string
	Detail string
}

// Check recomputes a chain, block by block and event by event in their order, and keeps nothing
// but where it is.
type Check struct {
	Head    Block // the last block that was looked at
	Blocks  int64
	Events  int64
	Bad     *Bad
	anchor  *Anchor
	sum     hash.Hash
	i       int
	last    uuid.UUID
	gap     bool
	swapped bool
	other   bool
}

// NewCheck begins to recompute a chain, from its first block.
func NewCheck(anchor *Anchor) *Check { return &Check{anchor: anchor} }

// Block goes on to the next block. It answers false once something is wrong.
func (c *Check) Block(b Block) bool {
	if !c.finish() {
		return false
	}
	switch {
	case b.N != c.Head.N+1:
		c.Fail(c.Head.N+1, BlockGone)
	case b.Prev != c.Head.Hash:
		c.Fail(b.N, BrokenLink)
	case c.anchor != nil && c.anchor.N == b.N && c.anchor.Hash != b.Hash:
		c.Fail(b.N, OtherAnchor)
	}
	c.Head, c.sum = b, begin(b.Prev, b.N)
	c.i, c.last, c.gap, c.swapped, c.other = 0, uuid.Nil, false, false, false
	c.Blocks++
	return c.Bad == nil
}

// Event adds the next event of the block. Their ids rise in the order in which they happened.
func (c *Check) Event(e Stored) {
	c.gap = c.gap || e.I != c.i
	c.swapped = c.swapped || bytes.Compare(e.ID[:], c.last[:]) < 0
	c.other = c.other || !e.Found
	c.i, c.last = e.I+1, e.ID
	add(c.sum, e.Body)
	c.Events++
}

// End finishes the last block, and looks whether the chain reaches to its anchor.
func (c *Check) End() {
	if c.finish() && c.anchor != nil && c.anchor.N > c.Head.N {
		c.Fail(c.Head.N+1, CutOff)
	}
}

// Fail says what is wrong with a block; the first to be found stands.
func (c *Check) Fail(block int64, what string) {
	if c.Bad == nil {
		c.Bad = &Bad{Block: block, What: what, Detail: details[what]}
	}
}

// finish holds the block that was read against its hash.
func (c *Check) finish() bool {
	if c.Bad != nil || c.sum == nil {
		return c.Bad == nil
	}
	same := hex.EncodeToString(c.sum.Sum(nil)) == c.Head.Hash
	switch {
	case c.gap || c.i == 0:
		c.Fail(c.Head.N, EventGone)
	case !same && c.swapped:
		c.Fail(c.Head.N, EventMoved)
	case !same:
		c.Fail(c.Head.N, Changed)
	case c.other:
		c.Fail(c.Head.N, FoundOther)
	}
	return c.Bad == nil
}

// begin starts the hash of a block.
func begin(prev string, n int64) hash.Hash {
	h := sha256.New()
	h.Write([]byte{Schema})
	h.Write([]byte(prev))
	_ = json.NewEncoder(h).Encode(n)
	return h
}

// add adds an event to the hash of its block.
func add(h hash.Hash, body []byte) {
	sum := sha256.Sum256(body)
	h.Write(sum[:])
}
