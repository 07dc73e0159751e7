-- FlowEngine, version 1 of the schema, for MariaDB 10.6 and later and MySQL 8.
-- ${tables} is what stands before the name of a table: the schema, if one is named, and the prefix, such as "app.fe_" or
-- "fe_"; ${prefix} is the prefix alone, for names of indexes.
-- ${collation} compares texts by their characters, blanks at the end included: utf8mb4_nopad_bin of MariaDB,
-- utf8mb4_0900_bin of MySQL.

CREATE TABLE IF NOT EXISTS ${tables}schema_version (
  id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- Editions of flows: what depends on what, once for all runs.
CREATE TABLE IF NOT EXISTS ${tables}flow (
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  flow_name LONGTEXT NOT NULL,
  digest LONGTEXT NOT NULL,
  PRIMARY KEY (flow_id, flow_version)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}flow_node (
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  pos INTEGER NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  kind LONGTEXT NOT NULL,
  signature LONGTEXT NOT NULL,
  PRIMARY KEY (flow_id, flow_version, pos)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}flow_connection (
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  pos INTEGER NOT NULL,
  from_node VARCHAR(255) NOT NULL,
  from_port LONGTEXT NOT NULL,
  to_node VARCHAR(255) NOT NULL,
  to_port LONGTEXT NOT NULL,
  PRIMARY KEY (flow_id, flow_version, pos)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- Runs, for ever: what people search. Who may write to one that goes on stands in "ownership"; worker_id, epoch,
-- revision and tries are those of its end. The number is what its rows in other tables are known by.
CREATE TABLE IF NOT EXISTS ${tables}run (
  run_no BIGINT NOT NULL,
  run_id VARCHAR(255) NOT NULL,
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  flow_name LONGTEXT NOT NULL,
  start_kind VARCHAR(20) NOT NULL,
  start_node VARCHAR(255) NOT NULL,
  trigger_type VARCHAR(20) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  input_digest LONGTEXT NOT NULL,
  affected_nodes LONGTEXT NOT NULL,
  active_at_start INTEGER NOT NULL,
  run_key VARCHAR(255),
  user_id VARCHAR(255),
  parent_run_id VARCHAR(255),
  parent_node_id VARCHAR(255),
  parent_iteration VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  redrive_of VARCHAR(255),
  keys_of VARCHAR(255),
  status VARCHAR(20) NOT NULL,
  started_at DATETIME(6),
  ended_at DATETIME(6),
  error LONGTEXT,
  nodes_total INTEGER NOT NULL,
  nodes_completed INTEGER NOT NULL,
  nodes_failed INTEGER NOT NULL,
  nodes_skipped INTEGER NOT NULL,
  nodes_cancelled INTEGER NOT NULL,
  worker_id VARCHAR(255),
  epoch BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  data_type LONGTEXT,
  data LONGBLOB,
  options_type LONGTEXT,
  options LONGBLOB,
  PRIMARY KEY (run_no),
  UNIQUE KEY ${prefix}run_by_id (run_id),
  UNIQUE KEY ${prefix}run_by_key (flow_id, run_key),
  KEY ${prefix}run_by_time (created_at, run_id),
  KEY ${prefix}run_by_flow (flow_id, created_at, run_id),
  KEY ${prefix}run_by_user (user_id, created_at, run_id),
  KEY ${prefix}run_by_redriven (redrive_of),
  KEY ${prefix}run_by_parent (parent_run_id, created_at, run_id),
  KEY ${prefix}run_by_end (status, ended_at, run_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;
-- Runs that go on: who may write to them, and when. The row goes in the commit that ends its run, so that claiming
-- costs the same however much history there is. wake_at is since when, or from when on, anybody may claim the run.
CREATE TABLE IF NOT EXISTS ${tables}ownership (
  run_id VARCHAR(255) NOT NULL,
  run_no BIGINT NOT NULL,
  flow_id VARCHAR(255) NOT NULL,
  flow_version VARCHAR(255) NOT NULL,
  standing VARCHAR(10) NOT NULL,
  worker_id VARCHAR(255),
  wake_at DATETIME(6),
  due_at DATETIME(6),
  reason LONGTEXT,
  standing_since DATETIME(6) NOT NULL,
  epoch BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  posted INTEGER NOT NULL,
  PRIMARY KEY (run_id),
  KEY ${prefix}ownership_by_time (flow_id, flow_version, wake_at),
  KEY ${prefix}ownership_by_worker (worker_id, flow_id, flow_version, pending)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;
-- Attempts of nodes: inserted when ready, updated when settled.
CREATE TABLE IF NOT EXISTS ${tables}node (
  run_no BIGINT NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  iteration VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INTEGER NOT NULL,
  status VARCHAR(10) NOT NULL,
  seq BIGINT NOT NULL,
  worker_id VARCHAR(255),
  ready_at DATETIME(6) NOT NULL,
  started_at DATETIME(6),
  settled_at DATETIME(6),
  due_at DATETIME(6),
  fired_ports LONGTEXT NOT NULL,
  outputs LONGBLOB,
  error LONGTEXT,
  handled SMALLINT NOT NULL,
  skip_reason VARCHAR(30),
  origin VARCHAR(10) NOT NULL,
  decided_by LONGTEXT NOT NULL,
  PRIMARY KEY (run_no, node_id, iteration, attempt)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}step (
  run_no BIGINT NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  iteration VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  step_name VARCHAR(255) NOT NULL,
  result_type LONGTEXT NOT NULL,
  result LONGBLOB NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  PRIMARY KEY (run_no, node_id, iteration, step_name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- Ids stay until the run ends, so that nothing is posted twice; contents go when a message was acted upon.
CREATE TABLE IF NOT EXISTS ${tables}message (
  run_no BIGINT NOT NULL,
  message_id VARCHAR(255) NOT NULL,
  seq INTEGER NOT NULL,
  consumed SMALLINT NOT NULL,
  message_type VARCHAR(10) NOT NULL,
  message_name LONGTEXT NOT NULL,
  sender LONGTEXT NOT NULL,
  reason LONGTEXT NOT NULL,
  payload_type LONGTEXT,
  payload LONGBLOB,
  posted_at DATETIME(6) NOT NULL,
  PRIMARY KEY (run_no, message_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- In the order of the batches (revision), and within a batch (pos).
CREATE TABLE IF NOT EXISTS ${tables}log (
  run_no BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  pos INTEGER NOT NULL,
  node_id VARCHAR(255) NOT NULL,
  iteration VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INTEGER NOT NULL,
  logged_at DATETIME(6) NOT NULL,
  log_level VARCHAR(10) NOT NULL,
  line LONGTEXT NOT NULL,
  PRIMARY KEY (run_no, revision, pos)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}audit (
  run_no BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  pos INTEGER NOT NULL,
  happened_at DATETIME(6) NOT NULL,
  actor LONGTEXT NOT NULL,
  action LONGTEXT NOT NULL,
  status VARCHAR(20),
  detail LONGTEXT NOT NULL,
  PRIMARY KEY (run_no, revision, pos)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- Runs that were removed, and whose rows in other tables go bit by bit.
CREATE TABLE IF NOT EXISTS ${tables}purged (
  run_no BIGINT NOT NULL,
  PRIMARY KEY (run_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- One heartbeat row per worker.
CREATE TABLE IF NOT EXISTS ${tables}worker (
  worker_id VARCHAR(255) NOT NULL,
  lease_until DATETIME(6) NOT NULL,
  PRIMARY KEY (worker_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}mark (
  mark_id VARCHAR(255) NOT NULL,
  keep_until DATETIME(6) NOT NULL,
  PRIMARY KEY (mark_id),
  KEY ${prefix}mark_by_time (keep_until)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}counter (
  counter_id VARCHAR(255) NOT NULL,
  PRIMARY KEY (counter_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}counter_holder (
  counter_id VARCHAR(255) NOT NULL,
  holder VARCHAR(255) NOT NULL,
  worker_id VARCHAR(255) NOT NULL,
  PRIMARY KEY (counter_id, holder)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ${tables}result_cache (
  cache_key VARCHAR(255) NOT NULL,
  payload_type LONGTEXT NOT NULL,
  payload LONGBLOB NOT NULL,
  keep_until DATETIME(6) NOT NULL,
  PRIMARY KEY (cache_key),
  KEY ${prefix}result_cache_by_time (keep_until)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation} ROW_FORMAT=DYNAMIC;

-- Which dependency of a node was satisfied in which run, and when: a row per connection whose source has completed
-- and fired the port it leaves from. Names of ports are one to a line in fired_ports.
CREATE OR REPLACE VIEW ${tables}satisfied_dependency AS
SELECT r.run_id, c.flow_id, c.flow_version, c.from_node, c.from_port, c.to_node, c.to_port, n.iteration,
  n.settled_at AS satisfied_at
FROM ${tables}run r
JOIN ${tables}flow_connection c ON c.flow_id = r.flow_id AND c.flow_version = r.flow_version
JOIN ${tables}node n ON n.run_no = r.run_no AND n.node_id = c.from_node
WHERE n.status = 'COMPLETED' AND LOCATE(CONCAT(CHAR(10), c.from_port, CHAR(10)), CONCAT(CHAR(10), n.fired_ports, CHAR(10))) > 0;

INSERT INTO ${tables}schema_version (id, version)
SELECT 1, 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ${tables}schema_version);
