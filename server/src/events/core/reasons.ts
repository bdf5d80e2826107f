import type { Reasons } from '../../kit/index.ts'

/** Why a request about webhooks is refused, in order of precedence. */
export const WEBHOOK_REASONS = {
  url_invalid: {
    kind: 'invalid',
    param: 'url',
    message:
      'The URL of an endpoint is http(s)://host/path, without user, password and fragment; https in live mode, and http only in a sandbox.',
  },
  url_not_allowed: {
    kind: 'invalid',
    param: 'url',
    message:
      'The URL leads into a private network. Only public addresses are delivered to, unless the server’s setting WEBHOOK_ALLOW_PRIVATE says otherwise; a sandbox of a server that listens on loopback may also deliver to loopback.',
  },
  event_type_unknown: {
    kind: 'invalid',
    param: 'enabled_events',
    message: 'There is no such type of event. An asterisk stands for all types.',
  },
  metadata_too_large: {
    kind: 'invalid',
    param: 'metadata',
    message: 'An object has at most 50 keys of metadata.',
  },
  webhook_endpoints_limit: {
    kind: 'invalid',
    message: 'There are as many endpoints as there may be. Delete one first.',
  },
  webhook_endpoint_disabled: {
    kind: 'invalid',
    param: 'webhook_endpoint',
    message: 'The endpoint is disabled, so nothing is sent to it. Enable it first.',
  },
} as const satisfies Reasons
