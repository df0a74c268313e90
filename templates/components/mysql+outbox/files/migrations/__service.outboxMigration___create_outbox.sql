-- Events and tasks that were committed with an aggregate and are on their way out: see internal/platform/relay.
-- +goose Up
CREATE TABLE IF NOT EXISTS `outbox` (
    `seq` BIGINT NOT NULL AUTO_INCREMENT,
    `message_id` BINARY(16) NOT NULL,
    `kind` VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `type` VARCHAR(255) NOT NULL,
    `topic` VARCHAR(255) NOT NULL,
    `message_key` VARCHAR(255) NOT NULL,
    `version` BIGINT NOT NULL,
    `time` DATETIME(6) NULL,
    `data` LONGBLOB NOT NULL,
    `traceparent` VARCHAR(64) NOT NULL,
    `tracestate` VARCHAR(512) NOT NULL,
    `created_at` DATETIME(6) NOT NULL,
    `sent_at` DATETIME(6) NULL,
    `parked_at` DATETIME(6) NULL,
    `parked_reason` VARCHAR(1000) NULL,
    PRIMARY KEY (`seq`),
    UNIQUE KEY `outbox_message_id` (`message_id`),
    KEY `outbox_waiting` (`kind`, `sent_at`, `seq`),
    KEY `outbox_parked` (`parked_at`, `message_key`)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `outbox_leases` (
    `kind` VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `holder` BINARY(16) NULL,
    `ends_at` DATETIME(6) NULL,
    PRIMARY KEY (`kind`)
) ENGINE = InnoDB;

INSERT IGNORE INTO `outbox_leases` (`kind`) VALUES ('event'), ('task');

-- +goose Down
DROP TABLE `outbox_leases`;
DROP TABLE `outbox`;
