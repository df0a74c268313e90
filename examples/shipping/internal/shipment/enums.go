package shipment

// State is the value of a shipment's state.
type State string

// The values of State.
const (
	StatePending State = "pending"
	StateBooked  State = "booked"
	StateFailed  State = "failed"
)
