-- Policies by their names. A node that was enrolled with a policy of its own has it under its id.
CREATE TABLE policy (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  body BYTEA NOT NULL,
  signer TEXT,
  PRIMARY KEY (kind, name)
);

-- Which of them a node is judged by, and the version of the wire that it is spoken to in when that
-- is not the one that it was enrolled with.
ALTER TABLE node ADD COLUMN runtime_policy TEXT;
ALTER TABLE node ADD COLUMN boot_policy TEXT;
ALTER TABLE node ADD COLUMN agent_version TEXT;
CREATE INDEX node_runtime_policy ON node (runtime_policy);
CREATE INDEX node_boot_policy ON node (boot_policy);
