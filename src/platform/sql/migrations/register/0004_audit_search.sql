-- The audit log is searched by who, what and on what, each newest first.
CREATE INDEX audit_by_actor ON audit (account_id, actor, at);
CREATE INDEX audit_by_action ON audit (account_id, action, at);
CREATE INDEX audit_by_target ON audit (account_id, target, at);
