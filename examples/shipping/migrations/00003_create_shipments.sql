-- +goose Up
CREATE TABLE IF NOT EXISTS `shipments` (
  `id` BINARY(16) NOT NULL,
  `order_id` BINARY(16) NOT NULL,
  `state` VARCHAR(7) NOT NULL,
  `created_at` DATETIME(6) NOT NULL,
  `updated_at` DATETIME(6) NOT NULL,
  `version` BIGINT NOT NULL,
  PRIMARY KEY (`id`),
  KEY `shipments_created_at` (`created_at`, `id`),
  KEY `shipments_updated_at` (`updated_at`, `id`),
  UNIQUE KEY `shipments_order_id` (`order_id`),
  CONSTRAINT `shipments_state_check` CHECK (`state` IN ('pending', 'booked', 'failed'))
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- +goose Down
DROP TABLE `shipments`;
