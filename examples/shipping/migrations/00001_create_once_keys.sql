-- Effects that happen once under a key: see internal/platform/mysqldb/once.go.
-- +goose Up
CREATE TABLE IF NOT EXISTS `once_keys` (
    `once_key` VARBINARY(512) NOT NULL,
    `digest` BINARY(32) NOT NULL,
    `result` LONGBLOB NULL,
    `expires_at` DATETIME(6) NOT NULL,
    PRIMARY KEY (`once_key`),
    KEY `once_keys_expires_at` (`expires_at`)
) ENGINE = InnoDB;
