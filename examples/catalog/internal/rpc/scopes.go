package rpc

import "github.com/acme/catalog/internal/platform/auth"

// Scopes says what a token must have for each method. A method without a line is refused to everybody.
func Scopes() auth.Table {
	return auth.Tables(
		productScopes(),
	)
}

func productScopes() auth.Table {
	return auth.Table{
		// CreateProduct adds a product.
		"catalog.v1.ProductService/CreateProduct": auth.Needs("catalog.write"),
		// GetProduct returns a product.
		"catalog.v1.ProductService/GetProduct": auth.Needs("catalog.read"),
		// ListProducts returns products.
		"catalog.v1.ProductService/ListProducts": auth.Needs("catalog.read"),
		// UpdateProduct changes a product.
		"catalog.v1.ProductService/UpdateProduct": auth.Needs("catalog.write"),
		// DeleteProduct removes a product.
		"catalog.v1.ProductService/DeleteProduct": auth.Needs("catalog.write"),
	}
}
