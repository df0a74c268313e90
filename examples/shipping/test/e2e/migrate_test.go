package e2e_test

import "testing"

func TestMigrate(t *testing.T) {
	s := prepare(t)
	if text, err := s.command(t.Context(), "migrate").CombinedOutput(); err != nil {
		t.Errorf("migrate a second time: %v\n%s", err, text)
	}
	s.wantFailure(t, []string{"MYSQL_DATABASE=no_such_database"}, "migrate")
}
