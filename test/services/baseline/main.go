// Command baseline serves one order as JSON, from the table of the service in compared-orders.yaml: what somebody writes by
// hand who needs that and no more, with Gin and database/sql. It is what the generated service is compared with: the same
// row, the same answer, the same pool; no logs, metrics or traces.
package main

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	db, err := open(os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gin.Recovery())
	router.GET("/v1/orders/:id", getOrder(db))
	server := &http.Server{
		Addr:              os.Getenv("ADDR"),
		Handler:           router,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func open(dsn string) (*sql.DB, error) {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	cfg.ParseTime = true
	// One round trip a query: without it the driver prepares, executes and closes a statement each time.
	cfg.InterpolateParams = true
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(20)
	db.SetConnMaxLifetime(5 * time.Minute)
	db.SetConnMaxIdleTime(2 * time.Minute)
	return db, nil
}

type order struct {
	ID         uuid.UUID `json:"id"`
	CustomerID uuid.UUID `json:"customer_id"`
	Email      *string   `json:"email"`
	State      string    `json:"state"`
	Total      string    `json:"total"`
	Note       *string   `json:"note"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	Version    int64     `json:"version,string"`
}

const selectOrder = "SELECT `id`, `customer_id`, `email`, `state`, `total`, `note`, `created_at`, `updated_at`, `version` FROM `orders` WHERE `id` = ?"

func getOrder(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		id, err := uuid.Parse(c.Param("id"))
		if err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": "id is not a UUID"})
			return
		}
		var o order
		err = db.QueryRowContext(c.Request.Context(), selectOrder, id[:]).
			Scan(&o.ID, &o.CustomerID, &o.Email, &o.State, &o.Total, &o.Note, &o.CreatedAt, &o.UpdatedAt, &o.Version)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			c.JSON(http.StatusNotFound, gin.H{"error": "there is no such order"})
		case err != nil:
			c.JSON(http.StatusInternalServerError, gin.H{"error": "internal error"})
		default:
			c.JSON(http.StatusOK, o)
		}
	}
}
