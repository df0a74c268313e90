-- +goose Up
CREATE TABLE IF NOT EXISTS `orders` (
  `id` BINARY(16) NOT NULL,
  `customer_id` BINARY(16) NOT NULL,
  `product_id` BINARY(16) NULL,
  `email` VARCHAR(254) NULL,
  `state` VARCHAR(9) NOT NULL,
  `total` DECIMAL(12,2) NOT NULL,
  `note` TEXT NULL,
  `created_at` DATETIME(6) NOT NULL,
  `updated_at` DATETIME(6) NOT NULL,
  `version` BIGINT NOT NULL,
  PRIMARY KEY (`id`),
  KEY `orders_created_at` (`created_at`, `id`),
  KEY `orders_updated_at` (`updated_at`, `id`),
  KEY `orders_customer_id` (`customer_id`, `id`),
  KEY `orders_product_id` (`product_id`, `id`),
  CONSTRAINT `orders_state_check` CHECK (`state` IN ('pending', 'paid', 'shipped', 'cancelled'))
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- +goose Down
DROP TABLE `orders`;
