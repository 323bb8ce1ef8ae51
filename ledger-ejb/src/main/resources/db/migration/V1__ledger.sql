-- One schema for H2 and PostgreSQL: both read bytea.

-- Whose database this is: a node refuses to start on that of another chain or member.
create table node (
  id            smallint     primary key,
  chain_id      bytea        not null,
  member        varchar(64)  not null,
  feed_height   bigint       not null
);

create table block (
  height        bigint       primary key,
  hash          bytea        not null unique,
  header        bytea        not null,
  certificate   bytea        not null,
  final_at      bigint       not null
);

-- Final entries of all members.
create table entry (
  height        bigint       not null,
  idx           integer      not null,
  entry_id      bytea        not null unique,
  lookup_tag    bytea        not null,
  cose          bytea        not null,
  primary key (height, idx)
);
create index entry_lookup_tag on entry (lookup_tag);

-- Blocks this node voted for that may become final.
create table candidate (
  hash          char(64)     primary key,
  height        bigint       not null,
  view_number   bigint       not null,
  content       bytea        not null
);

-- This institution's records: sealed payload and what was known when it came in. Never leaves here.
create table record (
  seq           bigint       primary key,
  entry_id      bytea        not null unique,
  submission_key bytea       not null unique,
  lookup_tag    bytea        not null,
  family        varchar(32)  not null,
  kind          varchar(64)  not null,
  sender        varchar(1024) not null,
  external_id   varchar(512) not null,
  content_hash  bytea        not null,
  accepted_at   bigint       not null,
  author        varchar(256) not null,
  remote        varchar(256) not null,
  sealed        bytea        not null
);
create index record_lookup_tag on record (lookup_tag);

-- Own accepted entries that are not final yet.
create table waiting (
  seq           bigint       primary key,
  entry_id      bytea        not null unique,
  lookup_tag    bytea        not null,
  cose          bytea        not null
);
create index waiting_lookup_tag on waiting (lookup_tag);

-- Messages that left no entry; pruned.
create table not_taken (
  seq           bigint       primary key,
  decided_at    bigint       not null,
  family        varchar(32)  not null,
  kind          varchar(64)  not null,
  external_id   varchar(512) not null,
  remote        varchar(256) not null,
  outcome       varchar(16)  not null,
  code          varchar(64)  not null,
  location      varchar(256) not null,
  reason        varchar(1024) not null
);

create table account (
  name          varchar(64)  primary key,
  password      varchar(256) not null,
  roles         varchar(256) not null,
  enabled       boolean      not null,
  created_at    bigint       not null
);

-- The hash of a token, never the token.
create table token (
  hash          char(64)     primary key,
  account       varchar(64)  not null references account (name) on delete cascade,
  expires_at    bigint       not null
);
create index token_expires_at on token (expires_at);
