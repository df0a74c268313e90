// biome-ignore-all format: written by json-schema.test.ts from the zod schema of this folder; do not edit.
import type { JsonSchema } from '../json-schema.js';

/** The grammar of `service.yaml` as JSON Schema 2020-12. */
export const manifestJsonSchema: JsonSchema = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "apiVersion": {
      "type": "string",
      "const": "create-service/v1",
      "description": "Version of this grammar."
    },
    "name": {
      "description": "Name of the service, a DNS label.",
      "$ref": "#/$defs/kebabName"
    },
    "module": {
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "pattern": "^[^\\n\\t]*$",
      "title": "text on one line",
      "description": "Go module path, such as github.com/acme/orders."
    },
    "owner": {
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "pattern": "^[^\\n\\t]*$",
      "title": "text on one line",
      "description": "The team that owns the service, for CODEOWNERS, labels and the catalog."
    },
    "description": {
      "type": "string",
      "maxLength": 1000,
      "description": "What the service does."
    },
    "registry": {
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "pattern": "^[^\\n\\t]*$",
      "title": "text on one line",
      "description": "Image registry prefix, such as ghcr.io/acme."
    },
    "ci": {
      "type": "string",
      "enum": [
        "github",
        "gitlab"
      ],
      "description": "Where the pipelines run. Default: gitlab for a module on a host gitlab.…, github for others."
    },
    "tier": {
      "type": "string",
      "enum": [
        "critical",
        "standard",
        "best-effort"
      ],
      "description": "Sets replicas, SLO target, disruption budget and alert severity. Default standard."
    },
    "api": {
      "type": "array",
      "items": {
        "type": "string",
        "enum": [
          "rest",
          "grpc"
        ]
      },
      "description": "How the service is called. Default: not at all, a worker."
    },
    "resources": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/kebabName"
      },
      "additionalProperties": {
        "$ref": "#/$defs/resource"
      },
      "description": "What the service owns, in the singular."
    },
    "consumes": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/kebabName"
      },
      "additionalProperties": {
        "$ref": "#/$defs/consumer"
      },
      "description": "Topics that the service consumes."
    },
    "tasks": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/kebabName"
      },
      "additionalProperties": {
        "$ref": "#/$defs/task"
      },
      "description": "Work that is done later."
    },
    "clients": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/kebabName"
      },
      "additionalProperties": {
        "$ref": "#/$defs/client"
      },
      "description": "Services that this one calls."
    },
    "auth": {
      "type": "object",
      "properties": {
        "audience": {
          "type": "string",
          "minLength": 1,
          "maxLength": 200,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Default: the service name."
        },
        "mode": {
          "type": "string",
          "const": "none",
          "description": "Switches it off; give the reason."
        },
        "reason": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Why it is off."
        }
      },
      "additionalProperties": false,
      "description": "Authentication of callers."
    },
    "tls": {
      "type": "object",
      "properties": {
        "mode": {
          "type": "string",
          "const": "none",
          "description": "Switches it off; give the reason."
        },
        "reason": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Why it is off."
        }
      },
      "additionalProperties": false,
      "description": "TLS of the APIs."
    },
    "config": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/snakeName"
      },
      "additionalProperties": {
        "$ref": "#/$defs/configKey"
      },
      "description": "The service's own settings."
    },
    "environments": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/kebabName"
      },
      "additionalProperties": {
        "$ref": "#/$defs/environment"
      },
      "description": "One overlay each. Default: dev, staging, prod."
    },
    "components": {
      "type": "object",
      "propertyNames": {
        "$ref": "#/$defs/kebabName"
      },
      "additionalProperties": {
        "type": "object",
        "propertyNames": {
          "type": "string"
        },
        "additionalProperties": {}
      },
      "description": "Components that no other key turns on, with their options."
    },
    "extends": {
      "type": "string",
      "minLength": 1,
      "maxLength": 500,
      "pattern": "^[^\\n\\t]*$",
      "title": "text on one line",
      "description": "Reserved: an organisation's profile."
    },
    "waivers": {
      "maxItems": 100,
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "rule": {
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
            "pattern": "^[^\\n\\t]*$",
            "title": "text on one line",
            "description": "Id of the rule."
          },
          "reason": {
            "type": "string",
            "minLength": 1,
            "maxLength": 500,
            "pattern": "^[^\\n\\t]*$",
            "title": "text on one line",
            "description": "Why it may be broken."
          },
          "until": {
            "description": "Last day on which it may be broken.",
            "$ref": "#/$defs/day"
          }
        },
        "required": [
          "rule",
          "reason",
          "until"
        ],
        "additionalProperties": false
      },
      "description": "Rules that may be broken for a while."
    }
  },
  "required": [
    "apiVersion",
    "name",
    "module",
    "owner"
  ],
  "additionalProperties": false,
  "title": "service.yaml",
  "description": "The operational facts of one service.",
  "$defs": {
    "kebabName": {
      "type": "string",
      "maxLength": 40,
      "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
      "title": "a kebab-case name",
      "description": "lower-case letters, digits and single dashes, beginning with a letter, at most 40 characters"
    },
    "resource": {
      "type": "object",
      "properties": {
        "store": {
          "type": "string",
          "enum": [
            "mysql",
            "mongodb"
          ],
          "description": "The service's own database that keeps the resource."
        },
        "plural": {
          "description": "The plural of the name, where the usual rules give the wrong one.",
          "$ref": "#/$defs/kebabName"
        },
        "cache": {
          "type": "object",
          "properties": {
            "ttl": {
              "description": "How long a cached value may be used, such as 5m.",
              "$ref": "#/$defs/duration"
            }
          },
          "required": [
            "ttl"
          ],
          "additionalProperties": false,
          "description": "Read through Redis, for at most this long."
        },
        "events": {
          "type": "boolean",
          "description": "Publish created, updated, deleted and each action. Default false."
        },
        "fields": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/snakeName"
          },
          "additionalProperties": {
            "$ref": "#/$defs/field"
          },
          "description": "Fields beside id, created_at, updated_at and version, which are always there."
        },
        "operations": {
          "type": "array",
          "items": {
            "type": "string",
            "enum": [
              "create",
              "get",
              "list",
              "update",
              "delete"
            ]
          },
          "description": "Only these exist. Default: all five."
        },
        "actions": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/kebabName"
          },
          "additionalProperties": {
            "$ref": "#/$defs/action"
          },
          "description": "State transitions: POST /v1/<plural>/{id}/<action>."
        },
        "scopes": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/kebabName"
          },
          "additionalProperties": {
            "minItems": 1,
            "maxItems": 20,
            "type": "array",
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 100,
              "pattern": "^[^\\n\\t]*$",
              "title": "text on one line"
            }
          },
          "description": "Scopes for operations and actions. Default: <service>.read for get and list, else <service>.write."
        }
      },
      "required": [
        "store"
      ],
      "additionalProperties": false,
      "title": "a resource",
      "description": "An aggregate that the service owns."
    },
    "duration": {
      "type": "string",
      "maxLength": 40,
      "pattern": "^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$",
      "title": "a duration",
      "description": "numbers with units, such as 30s, 5m or 1h30m"
    },
    "snakeName": {
      "type": "string",
      "maxLength": 40,
      "pattern": "^[a-z][a-z0-9_]*$",
      "title": "a snake_case name",
      "description": "lower-case letters, digits and underscores, beginning with a letter, at most 40 characters"
    },
    "field": {
      "oneOf": [
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "string"
            },
            "max": {
              "type": "integer",
              "minimum": 1,
              "maximum": 1024,
              "description": "Longest value, in characters."
            },
            "min": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1024,
              "description": "Shortest value, in characters. Default 0."
            },
            "pattern": {
              "type": "string",
              "minLength": 1,
              "maxLength": 500,
              "pattern": "^[^\\n\\t]*$",
              "title": "text on one line",
              "description": "RE2 expression that a value matches somewhere; anchor it with ^ and $."
            },
            "default": {
              "type": "string",
              "maxLength": 65535,
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "string",
              "maxLength": 65535,
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type",
            "max"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "text"
            },
            "max": {
              "type": "integer",
              "minimum": 1,
              "maximum": 16777215,
              "description": "Longest value, in bytes of UTF-8. Default 65535."
            },
            "default": {
              "type": "string",
              "maxLength": 65535,
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "string",
              "maxLength": 65535,
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "int32"
            },
            "min": {
              "description": "Smallest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "max": {
              "description": "Largest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "default": {
              "description": "Applied on create when the field is absent.",
              "$ref": "#/$defs/exactNumber"
            },
            "backfill": {
              "description": "Value of the rows that are there when a required field without default is added.",
              "$ref": "#/$defs/exactNumber"
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "int64"
            },
            "min": {
              "description": "Smallest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "max": {
              "description": "Largest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "default": {
              "description": "Applied on create when the field is absent.",
              "$ref": "#/$defs/exactNumber"
            },
            "backfill": {
              "description": "Value of the rows that are there when a required field without default is added.",
              "$ref": "#/$defs/exactNumber"
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "float64"
            },
            "min": {
              "description": "Smallest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "max": {
              "description": "Largest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "default": {
              "description": "Applied on create when the field is absent.",
              "$ref": "#/$defs/exactNumber"
            },
            "backfill": {
              "description": "Value of the rows that are there when a required field without default is added.",
              "$ref": "#/$defs/exactNumber"
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "decimal"
            },
            "precision": {
              "type": "integer",
              "minimum": 1,
              "maximum": 38,
              "description": "Digits in all."
            },
            "scale": {
              "type": "integer",
              "minimum": 0,
              "maximum": 30,
              "description": "Digits after the point, at most the precision."
            },
            "min": {
              "description": "Smallest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "max": {
              "description": "Largest value that is allowed.",
              "$ref": "#/$defs/exactNumber"
            },
            "default": {
              "description": "Applied on create when the field is absent.",
              "$ref": "#/$defs/exactNumber"
            },
            "backfill": {
              "description": "Value of the rows that are there when a required field without default is added.",
              "$ref": "#/$defs/exactNumber"
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type",
            "precision",
            "scale"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "bool"
            },
            "default": {
              "type": "boolean",
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "boolean",
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "uuid"
            },
            "default": {
              "type": "string",
              "maxLength": 65535,
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "string",
              "maxLength": 65535,
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "timestamp"
            },
            "default": {
              "type": "string",
              "maxLength": 65535,
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "string",
              "maxLength": 65535,
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "date"
            },
            "default": {
              "type": "string",
              "maxLength": 65535,
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "string",
              "maxLength": 65535,
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "enum"
            },
            "values": {
              "minItems": 1,
              "maxItems": 100,
              "type": "array",
              "items": {
                "$ref": "#/$defs/snakeName"
              },
              "description": "The values, in order."
            },
            "default": {
              "type": "string",
              "maxLength": 65535,
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "type": "string",
              "maxLength": 65535,
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type",
            "values"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "properties": {
            "type": {
              "type": "string",
              "const": "json"
            },
            "max": {
              "type": "integer",
              "minimum": 1,
              "maximum": 16777215,
              "description": "Longest value, in bytes. Default 65535."
            },
            "default": {
              "description": "Applied on create when the field is absent."
            },
            "backfill": {
              "description": "Value of the rows that are there when a required field without default is added."
            },
            "description": {
              "type": "string",
              "maxLength": 500,
              "description": "What the field means, for documents and comments."
            },
            "required": {
              "type": "boolean",
              "description": "Absent or null is refused; otherwise the field may be null. Default false."
            },
            "immutable": {
              "type": "boolean",
              "description": "Refused on update. Default false."
            },
            "output_only": {
              "type": "boolean",
              "description": "Never accepted from a client; set by the domain or by an action. Default false."
            },
            "index": {
              "type": "boolean",
              "description": "Index the column, and allow it as an equality filter of the list. Default false."
            },
            "unique": {
              "type": "boolean",
              "description": "No two rows share a value. Default false."
            },
            "pii": {
              "type": "boolean",
              "description": "Personal data: kept out of logs, spans, events and error details. Default false."
            },
            "was": {
              "description": "Its first name, when it was renamed: the database and protobuf know it by that one for ever.",
              "$ref": "#/$defs/snakeName"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        }
      ],
      "title": "a field",
      "description": "One field of a resource."
    },
    "exactNumber": {
      "anyOf": [
        {
          "type": "number"
        },
        {
          "type": "string",
          "pattern": "^-?[0-9]+(\\.[0-9]+)?$"
        }
      ],
      "title": "a number",
      "description": "a number; digits beyond the 15th are kept"
    },
    "action": {
      "type": "object",
      "properties": {
        "when": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/snakeName"
          },
          "additionalProperties": {
            "minItems": 1,
            "maxItems": 100,
            "type": "array",
            "items": {
              "$ref": "#/$defs/snakeName"
            }
          },
          "description": "Enum fields and the values in which the action is allowed. Absent: always allowed."
        },
        "set": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/snakeName"
          },
          "additionalProperties": {
            "$ref": "#/$defs/scalar"
          },
          "description": "Fields and the values they get."
        }
      },
      "additionalProperties": false,
      "title": "an action",
      "description": "A state transition, with its own route."
    },
    "scalar": {
      "anyOf": [
        {
          "type": "string",
          "maxLength": 4096
        },
        {
          "type": "boolean"
        },
        {
          "$ref": "#/$defs/exactNumber"
        }
      ],
      "title": "a single value",
      "description": "text, a number, true or false"
    },
    "consumer": {
      "type": "object",
      "properties": {
        "topic": {
          "type": "string",
          "minLength": 1,
          "maxLength": 249,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Kafka topic."
        },
        "service": {
          "description": "The service that publishes it.",
          "$ref": "#/$defs/kebabName"
        },
        "resource": {
          "description": "The resource whose store holds the inbox row.",
          "$ref": "#/$defs/kebabName"
        },
        "contract": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Path, or git+URL#commit, of the published contract."
        }
      },
      "required": [
        "topic",
        "service"
      ],
      "additionalProperties": false,
      "title": "a consumer",
      "description": "A Kafka topic that the service consumes."
    },
    "task": {
      "type": "object",
      "properties": {
        "queue": {
          "description": "Queue. Default: default.",
          "$ref": "#/$defs/kebabName"
        },
        "max_retry": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000,
          "description": "Retries after the first attempt. Default 10."
        },
        "timeout": {
          "description": "Longest attempt. Default 30s.",
          "$ref": "#/$defs/duration"
        },
        "payload": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/snakeName"
          },
          "additionalProperties": {
            "type": "string",
            "enum": [
              "string",
              "text",
              "int32",
              "int64",
              "float64",
              "decimal",
              "bool",
              "uuid",
              "timestamp",
              "date",
              "json"
            ]
          },
          "description": "Keys and their types; ids only."
        },
        "cron": {
          "type": "string",
          "minLength": 1,
          "maxLength": 100,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Five cron fields or @daily and the like, in UTC. Such a task has no payload."
        },
        "resource": {
          "description": "The resource whose store makes the task idempotent.",
          "$ref": "#/$defs/kebabName"
        },
        "compensates": {
          "description": "The action that this saga step undoes.",
          "$ref": "#/$defs/kebabName"
        }
      },
      "additionalProperties": false,
      "title": "a task",
      "description": "Work that is done later, by a worker."
    },
    "client": {
      "type": "object",
      "properties": {
        "protocol": {
          "type": "string",
          "enum": [
            "grpc",
            "rest"
          ],
          "description": "How the other service is called."
        },
        "contract": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500,
          "pattern": "^[^\\n\\t]*$",
          "title": "text on one line",
          "description": "Path, or git+URL#commit, of the published contract."
        }
      },
      "required": [
        "protocol"
      ],
      "additionalProperties": false,
      "title": "a client",
      "description": "Another service that this one calls."
    },
    "configKey": {
      "type": "object",
      "properties": {
        "type": {
          "type": "string",
          "enum": [
            "string",
            "bool",
            "int32",
            "int64",
            "float64",
            "duration"
          ],
          "description": "Type of the value."
        },
        "default": {
          "description": "Value where no environment sets another. Absent: the key is required.",
          "$ref": "#/$defs/scalar"
        },
        "secret": {
          "type": "boolean",
          "description": "Comes from a Secret and is never logged. Default false."
        },
        "description": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500,
          "description": "What the key does, for the README."
        }
      },
      "required": [
        "type",
        "description"
      ],
      "additionalProperties": false,
      "title": "a configuration key",
      "description": "A setting that the service reads at start."
    },
    "environment": {
      "type": "object",
      "properties": {
        "replicas": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000,
          "description": "Pods. Default: by tier; dev has 1."
        },
        "config": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/snakeName"
          },
          "additionalProperties": {
            "$ref": "#/$defs/scalar"
          },
          "description": "Values of configuration keys in this environment."
        }
      },
      "additionalProperties": false,
      "title": "an environment",
      "description": "A place where the service runs."
    },
    "day": {
      "type": "string",
      "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
      "title": "a date",
      "description": "a date such as 2026-12-31"
    }
  }
};
