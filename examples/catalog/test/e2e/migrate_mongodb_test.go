package e2e_test

import "testing"

func TestMigrateMongoDB(t *testing.T) {
	s := prepare(t)
	if text, err := s.command(t.Context(), "migrate").CombinedOutput(); err != nil {
		t.Errorf("migrate a second time: %v\n%s", err, text)
	}
	s.wantFailure(t, []string{"MONGODB_URI=mongodb://127.0.0.1:1/"}, "migrate")
}
