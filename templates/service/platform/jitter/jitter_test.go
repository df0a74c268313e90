package jitter_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/service/platform/jitter"
)

func TestPauseEnds(t *testing.T) {
	require.True(t, jitter.Pause(t.Context(), time.Nanosecond))
}

func TestPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.False(t, jitter.Pause(ctx, 24*365*time.Hour))
}
