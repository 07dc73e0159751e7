-- FlowEngine, version 1 of the schema, for H2 2.2 and later.
-- ${tables} is what stands before the name of a table: the schema, if one is named, and the prefix, such as "app.fe_" or
-- "fe_"; ${prefix} is the prefix alone, for names of indexes.

CREATE TABLE IF NOT EXISTS ${tables}schema_version (
  id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (id)
);

-- Editions of flows: what depends on what, once for all runs.
CREATE TABLE IF NOT EXISTS ${tables}flow (
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  flow_name VARCHAR(1048576) NOT NULL,
  digest VARCHAR(1048576) NOT NULL,
  PRIMARY KEY (flow_id, flow_version)
);

CREATE TABLE IF NOT EXISTS ${tables}flow_node (
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  pos INTEGER NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  kind VARCHAR(1048576) NOT NULL,
  signature VARCHAR(1048576) NOT NULL,
  PRIMARY KEY (flow_id, flow_version, pos)
);

CREATE TABLE IF NOT EXISTS ${tables}flow_connection (
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  pos INTEGER NOT NULL,
  from_node VARCHAR(255) NOT NULL,
  from_port VARCHAR(1048576) NOT NULL,
  to_node VARCHAR(255) NOT NULL,
  to_port VARCHAR(1048576) NOT NULL,
  PRIMARY KEY (flow_id, flow_version, pos)
);

-- Runs, for ever: what people search. Who may write to one that goes on stands in "ownership"; worker_id, epoch,
-- revision and tries are those of its end. The number is what its rows in other tables are known by.
CREATE TABLE IF NOT EXISTS ${tables}run (
  run_no BIGINT NOT NULL,
  run_id VARCHAR(255) NOT NULL,
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  flow_name VARCHAR(1048576) NOT NULL,
  start_kind VARCHAR(20) NOT NULL,
  start_node VARCHAR(255) NOT NULL,
  trigger_type VARCHAR(20) NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  input_digest VARCHAR(1048576) NOT NULL,
  affected_nodes CLOB NOT NULL,
  active_at_start INTEGER NOT NULL,
  run_key VARCHAR(255),
  user_id VARCHAR(255),
  parent_run_id VARCHAR(255),
  parent_node_id VARCHAR(255),
  parent_iteration VARCHAR(255),
  redrive_of VARCHAR(255),
  keys_of VARCHAR(255),
  status VARCHAR(20) NOT NULL,
  started_at TIMESTAMP(6) WITH TIME ZONE,
  ended_at TIMESTAMP(6) WITH TIME ZONE,
  error VARCHAR(1048576),
  nodes_total INTEGER NOT NULL,
  nodes_completed INTEGER NOT NULL,
  nodes_failed INTEGER NOT NULL,
  nodes_skipped INTEGER NOT NULL,
  nodes_cancelled INTEGER NOT NULL,
  worker_id VARCHAR(255),
  epoch BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  data_type VARCHAR(1048576),
  data BLOB,
  options_type VARCHAR(1048576),
  options BLOB,
  PRIMARY KEY (run_no)
);
CREATE UNIQUE INDEX IF NOT EXISTS ${prefix}run_by_id ON ${tables}run (run_id);
CREATE UNIQUE INDEX IF NOT EXISTS ${prefix}run_by_key ON ${tables}run (flow_id, run_key);
CREATE INDEX IF NOT EXISTS ${prefix}run_by_time ON ${tables}run (created_at, run_id);
CREATE INDEX IF NOT EXISTS ${prefix}run_by_flow ON ${tables}run (flow_id, created_at, run_id);
CREATE INDEX IF NOT EXISTS ${prefix}run_by_user ON ${tables}run (user_id, created_at, run_id);
CREATE INDEX IF NOT EXISTS ${prefix}run_by_redriven ON ${tables}run (redrive_of);
CREATE INDEX IF NOT EXISTS ${prefix}run_by_parent ON ${tables}run (parent_run_id, created_at, run_id);
CREATE INDEX IF NOT EXISTS ${prefix}run_by_end ON ${tables}run (status, ended_at, run_id);
-- Runs that go on: who may write to them, and when. The row goes in the commit that ends its run, so that claiming
-- costs the same however much history there is. wake_at is since when, or from when on, anybody may claim the run.
CREATE TABLE IF NOT EXISTS ${tables}ownership (
  run_id VARCHAR(255) NOT NULL,
  run_no BIGINT NOT NULL,
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  standing VARCHAR(10) NOT NULL,
  worker_id VARCHAR(255),
  wake_at TIMESTAMP(6) WITH TIME ZONE,
  due_at TIMESTAMP(6) WITH TIME ZONE,
  reason VARCHAR(1048576),
  standing_since TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  epoch BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  posted INTEGER NOT NULL,
  PRIMARY KEY (run_id)
);
CREATE INDEX IF NOT EXISTS ${prefix}ownership_by_time ON ${tables}ownership (flow_id, flow_version, wake_at);
CREATE INDEX IF NOT EXISTS ${prefix}ownership_by_worker ON ${tables}ownership (worker_id, flow_id, flow_version, pending);
-- Attempts of nodes: inserted when ready, updated when settled.
CREATE TABLE IF NOT EXISTS ${tables}node (
  run_no BIGINT NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  iteration VARCHAR(255) NOT NULL,
  attempt INTEGER NOT NULL,
  status VARCHAR(10) NOT NULL,
  seq BIGINT NOT NULL,
  worker_id VARCHAR(255),
  ready_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  started_at TIMESTAMP(6) WITH TIME ZONE,
  settled_at TIMESTAMP(6) WITH TIME ZONE,
  due_at TIMESTAMP(6) WITH TIME ZONE,
  fired_ports VARCHAR(1048576) NOT NULL,
  outputs BLOB,
  error VARCHAR(1048576),
  handled SMALLINT NOT NULL,
  skip_reason VARCHAR(30),
  origin VARCHAR(10) NOT NULL,
  decided_by VARCHAR(1048576) NOT NULL,
  PRIMARY KEY (run_no, node_id, iteration, attempt)
);

CREATE TABLE IF NOT EXISTS ${tables}step (
  run_no BIGINT NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  iteration VARCHAR(255) NOT NULL,
  step_name VARCHAR(255) NOT NULL,
  result_type VARCHAR(1048576) NOT NULL,
  result BLOB NOT NULL,
  recorded_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (run_no, node_id, iteration, step_name)
);

-- Ids stay until the run ends, so that nothing is posted twice; contents go when a message was acted upon.
CREATE TABLE IF NOT EXISTS ${tables}message (
  run_no BIGINT NOT NULL,
  message_id VARCHAR(255) NOT NULL,
  seq INTEGER NOT NULL,
  consumed SMALLINT NOT NULL,
  message_type VARCHAR(10) NOT NULL,
  message_name VARCHAR(1048576) NOT NULL,
  sender VARCHAR(1048576) NOT NULL,
  reason VARCHAR(1048576) NOT NULL,
  payload_type VARCHAR(1048576),
  payload BLOB,
  posted_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (run_no, message_id)
);

-- In the order of the batches (revision), and within a batch (pos).
CREATE TABLE IF NOT EXISTS ${tables}log (
  run_no BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  pos INTEGER NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  iteration VARCHAR(255) NOT NULL,
  attempt INTEGER NOT NULL,
  logged_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  log_level VARCHAR(10) NOT NULL,
  line VARCHAR(1048576) NOT NULL,
  PRIMARY KEY (run_no, revision, pos)
);

CREATE TABLE IF NOT EXISTS ${tables}audit (
  run_no BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  pos INTEGER NOT NULL,
  happened_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  actor VARCHAR(1048576) NOT NULL,
  action VARCHAR(1048576) NOT NULL,
  status VARCHAR(20),
  detail VARCHAR(1048576) NOT NULL,
  PRIMARY KEY (run_no, revision, pos)
);

-- Runs that were removed, and whose rows in other tables go bit by bit.
CREATE TABLE IF NOT EXISTS ${tables}purged (
  run_no BIGINT NOT NULL,
  PRIMARY KEY (run_no)
);

-- One heartbeat row per worker.
CREATE TABLE IF NOT EXISTS ${tables}worker (
  worker_id VARCHAR(255) NOT NULL,
  lease_until TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (worker_id)
);

CREATE TABLE IF NOT EXISTS ${tables}mark (
  mark_id VARCHAR(255) NOT NULL,
  keep_until TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (mark_id)
);
CREATE INDEX IF NOT EXISTS ${prefix}mark_by_time ON ${tables}mark (keep_until);

CREATE TABLE IF NOT EXISTS ${tables}counter (
  counter_id VARCHAR(255) NOT NULL,
  PRIMARY KEY (counter_id)
);

CREATE TABLE IF NOT EXISTS ${tables}counter_holder (
  counter_id VARCHAR(255) NOT NULL,
  holder VARCHAR(255) NOT NULL,
  worker_id VARCHAR(255) NOT NULL,
  PRIMARY KEY (counter_id, holder)
);

CREATE TABLE IF NOT EXISTS ${tables}result_cache (
  cache_key VARCHAR(255) NOT NULL,
  payload_type VARCHAR(1048576) NOT NULL,
  payload BLOB NOT NULL,
  keep_until TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (cache_key)
);
CREATE INDEX IF NOT EXISTS ${prefix}result_cache_by_time ON ${tables}result_cache (keep_until);

-- Which dependency of a node was satisfied in which run, and when: a row per connection whose source has completed
-- and fired the port it leaves from. Names of ports are one to a line in fired_ports.
CREATE OR REPLACE VIEW ${tables}satisfied_dependency AS
SELECT r.run_id, c.flow_id, c.flow_version, c.from_node, c.from_port, c.to_node, c.to_port, n.iteration,
  n.settled_at AS satisfied_at
FROM ${tables}run r
JOIN ${tables}flow_connection c ON c.flow_id = r.flow_id AND c.flow_version = r.flow_version
JOIN ${tables}node n ON n.run_no = r.run_no AND n.node_id = c.from_node
WHERE n.status = 'COMPLETED' AND LOCATE(CHAR(10) || c.from_port || CHAR(10), CHAR(10) || n.fired_ports || CHAR(10)) > 0;

INSERT INTO ${tables}schema_version (id, version)
SELECT 1, 1 WHERE NOT EXISTS (SELECT 1 FROM ${tables}schema_version);
