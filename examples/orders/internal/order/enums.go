package order

// State is the value of an order's state.
type State string

// The values of State.
const (
	StatePending   State = "pending"
	StatePaid      State = "paid"
	StateShipped   State = "shipped"
	StateCancelled State = "cancelled"
)
