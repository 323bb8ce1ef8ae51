-- Proofs that voters are broken: a node does not vote in such a voter's epoch again.
create table fault (
  id            char(64)     primary key,
  epoch         bigint       not null,
  kept_at       bigint       not null,
  proof         bytea        not null,
  entry_id      bytea
);
