package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/paging"
	"github.com/acme/orders/internal/platform/query"
)

// orderPageJSON is one page of a list.
type orderPageJSON struct {
	Orders        []orderJSON `json:"orders"`
	NextPageToken string      `json:"next_page_token"`
}

func (h orderHandler) list(c *gin.Context) error {
	page, filter, err := readOrderList(c)
	if err != nil {
		return err
	}
	q := order.Query{
		Filter:     filter,
		SortBy:     order.SortKey(page.Order.Field),
		Descending: page.Order.Descending,
		After:      (*order.Position)(page.After),
		Limit:      page.Limit(),
	}
	orders, err := h.orders.List(c.Request.Context(), q)
	if err != nil {
		return err
	}
	orders, next := paging.Cut(page, orders, func(o order.Order) paging.Cursor {
		return paging.Cursor(o.Position(q.SortBy))
	})
	c.JSON(http.StatusOK, orderPageJSON{Orders: encodeOrderList(orders), NextPageToken: next})
	return nil
}

func readOrderList(c *gin.Context) (page paging.Page, filter order.Filter, err error) {
	var request paging.Request
	err = query.List(c.Request.URL.RawQuery, &request,
		query.To("customer_id", &filter.CustomerID),
		query.To("product_id", &filter.ProductID),
	)
	if err != nil {
		return page, filter, err
	}
	page, err = orderPages().Page(request)
	return page, filter, err
}

// orderPages says how lists of orders can be sorted.
func orderPages() paging.Rules {
	return paging.Rules{
		Collection: "orders",
		OrderBy: []string{
			string(order.SortByCreatedAt),
			string(order.SortByUpdatedAt),
			string(order.SortByCustomerID),
		},
		Default: string(order.SortByCreatedAt),
	}
}

func encodeOrderList(orders []order.Order) []orderJSON {
	encoded := make([]orderJSON, len(orders))
	for i, o := range orders {
		encoded[i] = encodeOrder(o)
	}
	return encoded
}
