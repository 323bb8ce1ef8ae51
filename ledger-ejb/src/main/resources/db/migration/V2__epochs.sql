-- Headers from above an epoch's last block to the one whose votes make it final; usually none.
alter table block add column suffix bytea;

-- Why each epoch above the first began, as its proof says.
create table epoch (
  epoch         bigint       primary key,
  proof         bytea        not null
);

-- Final ballots of the running epoch.
create table ballot (
  height        bigint       not null,
  idx           integer      not null,
  cose          bytea        not null,
  primary key (height, idx)
);

-- What this member's governance approved in an epoch whose quorum lost its keys: one plan, ever.
create table approval (
  epoch         bigint       primary key,
  approved      bytea        not null
);

-- Where members stood, as instances of their enclaves stated it before a cold start.
create table statement (
  voting_key    varchar(130) primary key,
  epoch         bigint       not null,
  statement     bytea        not null,
  evidence      bytea        not null
);
