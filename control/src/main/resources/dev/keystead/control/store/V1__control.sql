-- Plain SQL that SQLite and PostgreSQL both take. BYTEA holds bytes in both; times are
-- milliseconds since 1970, UTC.

CREATE TABLE ledger (
  seq BIGINT PRIMARY KEY,
  time BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  previous BYTEA NOT NULL,
  hash BYTEA NOT NULL
);

-- Active registrations. What is not activated is not here.
CREATE TABLE registration (
  agent_id TEXT PRIMARY KEY,
  ek_tpm BYTEA NOT NULL,
  ek_name BYTEA NOT NULL,
  ekcert BYTEA,
  aik_tpm BYTEA NOT NULL,
  aik_name BYTEA NOT NULL,
  ip TEXT,
  port INTEGER,
  mtls_cert TEXT,
  regcount INTEGER NOT NULL,
  activated BIGINT NOT NULL
);
CREATE INDEX registration_ek ON registration (ek_name);
CREATE INDEX registration_aik ON registration (aik_name);

-- Nodes under watch: what the owner sent, without its secrets, and what was decided last.
CREATE TABLE node (
  agent_id TEXT PRIMARY KEY,
  enrolment TEXT NOT NULL,
  share BYTEA,
  revocation_key TEXT,
  state INTEGER NOT NULL,
  status TEXT NOT NULL,
  event TEXT,
  severity TEXT,
  reason TEXT,
  attestations BIGINT NOT NULL,
  last_received BIGINT NOT NULL,
  last_passed BIGINT NOT NULL,
  hash_alg TEXT NOT NULL,
  enc_alg TEXT NOT NULL,
  sign_alg TEXT NOT NULL,
  payload_key TEXT,
  history TEXT
);

-- Notices in the order of their decisions; seq is the ledger's.
CREATE TABLE notice (
  seq BIGINT PRIMARY KEY,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  expires BIGINT NOT NULL
);

-- Up to which notice each recipient has been told.
CREATE TABLE recipient (
  name TEXT PRIMARY KEY,
  told BIGINT NOT NULL
);
