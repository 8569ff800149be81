-- Webhooks over HTTP: the key to which a webhook belongs, and what the API lists.

-- projection: webhooks
ALTER TABLE webhooks ADD COLUMN key_id text COLLATE "C";  -- null if it belongs to a user or to an operator
-- projection: end

-- A webhook as the API shows it: its row, and how far it has been served.
CREATE VIEW webhook_state_list AS
    SELECT w.org_id, w.id, w.url, w.status, w.scopes, w.created_at, w.version,
           json_build_object('row', w.summary, 'progress', json_build_object(
               'behind', p.behind, 'lastDeliveredAt', p.last_delivered_at, 'failingSince', p.failing_since,
               'lastError', p.last_error
           )) AS summary
    FROM webhooks w JOIN webhook_progress_list p ON p.org_id = w.org_id AND p.id = w.id
    WHERE w.org_id = current_setting('app.org', true) AND w.status <> 'deleted';

CREATE VIEW webhook_delivery_state_list AS
    SELECT org_id, webhook_id, id, status, json_build_object(
               'id', id, 'eventId', event_id, 'type', type, 'status', status, 'nextAttemptAt', next_attempt_at,
               'attempts', attempts
           ) AS summary
    FROM webhook_delivery_list;
GRANT SELECT ON webhook_state_list, webhook_delivery_state_list TO smartdhandha_app;

-- The application stores a new secret, encrypted, and cannot read it again.
GRANT INSERT (org_id, id, encrypted) ON webhook_secrets TO smartdhandha_app;
