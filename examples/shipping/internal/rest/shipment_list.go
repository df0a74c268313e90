package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/acme/shipping/internal/platform/paging"
	"github.com/acme/shipping/internal/platform/query"
	"github.com/acme/shipping/internal/shipment"
)

// shipmentPageJSON is one page of a list.
type shipmentPageJSON struct {
	Shipments     []shipmentJSON `json:"shipments"`
	NextPageToken string         `json:"next_page_token"`
}

func (h shipmentHandler) list(c *gin.Context) error {
	page, filter, err := readShipmentList(c)
	if err != nil {
		return err
	}
	q := shipment.Query{
		Filter:     filter,
		SortBy:     shipment.SortKey(page.Order.Field),
		Descending: page.Order.Descending,
		After:      (*shipment.Position)(page.After),
		Limit:      page.Limit(),
	}
	shipments, err := h.shipments.List(c.Request.Context(), q)
	if err != nil {
		return err
	}
	shipments, next := paging.Cut(page, shipments, func(sh shipment.Shipment) paging.Cursor {
		return paging.Cursor(sh.Position(q.SortBy))
	})
	c.JSON(http.StatusOK, shipmentPageJSON{Shipments: encodeShipmentList(shipments), NextPageToken: next})
	return nil
}

func readShipmentList(c *gin.Context) (page paging.Page, filter shipment.Filter, err error) {
	var request paging.Request
	err = query.List(c.Request.URL.RawQuery, &request,
		query.To("order_id", &filter.OrderID),
	)
	if err != nil {
		return page, filter, err
	}
	page, err = shipmentPages().Page(request)
	return page, filter, err
}

// shipmentPages says how lists of shipments can be sorted.
func shipmentPages() paging.Rules {
	return paging.Rules{
		Collection: "shipments",
		OrderBy: []string{
			string(shipment.SortByCreatedAt),
			string(shipment.SortByUpdatedAt),
			string(shipment.SortByOrderID),
		},
		Default: string(shipment.SortByCreatedAt),
	}
}

func encodeShipmentList(shipments []shipment.Shipment) []shipmentJSON {
	encoded := make([]shipmentJSON, len(shipments))
	for i, sh := range shipments {
		encoded[i] = encodeShipment(sh)
	}
	return encoded
}
