package store

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/catalog/internal/product"
)

// productDocument is what is kept of a product: the same fields, under the names that they have in documents.
type productDocument struct {
	ID        uuid.UUID       `bson:"_id"`
	Sku       string          `bson:"sku"`
	Title     string          `bson:"title"`
	Price     decimal.Decimal `bson:"price"`
	Ordered   int64           `bson:"ordered"`
	CreatedAt time.Time       `bson:"created_at"`
	UpdatedAt time.Time       `bson:"updated_at"`
	Version   int64           `bson:"version"`
}

func newProductDocument(p product.Product) productDocument {
	return productDocument(p)
}

func (d productDocument) aggregate() product.Product {
	return product.Product(d)
}
