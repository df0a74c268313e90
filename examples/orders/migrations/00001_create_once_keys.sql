-- Effects that happen once under a key: see internal/platform/mysqldb/once.go.
-- +goose Up
CREATE TABLE IF NOT EXISTS `once_keys` (
    `once_key` VARBINARY(512) NOT NULL,
    `digest` BINARY(32) NOT NULL,
    `result` LONGBLOB NULL,
    `created_at` DATETIME(6) NOT NULL,
    PRIMARY KEY (`once_key`),
    KEY `once_keys_created_at` (`created_at`)
) ENGINE = InnoDB;
