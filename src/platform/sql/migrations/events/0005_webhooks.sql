-- What is sent to endpoints of webhooks, and what became of it: `id` is its `webhook-id`, the same at every endpoint. Times are epoch seconds.
CREATE TABLE webhook_deliveries (
	endpoint_id TEXT NOT NULL,
	id TEXT NOT NULL,
	account_id TEXT NOT NULL,
	type TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
	tries INTEGER NOT NULL DEFAULT 0,
	next_at INTEGER,
	last_at INTEGER,
	last_status INTEGER,
	last_reason TEXT,
	last_excerpt TEXT,
	PRIMARY KEY (endpoint_id, id)
);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (endpoint_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at, endpoint_id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_taken ON webhook_deliveries (endpoint_id, created_at) WHERE state = 'delivered';
CREATE INDEX webhook_deliveries_by_account ON webhook_deliveries (account_id, state, endpoint_id);
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at);

-- Alerts that endpoints are to be told of: written with the alert.
CREATE TABLE alert_outbox (
	alert_id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX alert_outbox_by_account ON alert_outbox (account_id);
