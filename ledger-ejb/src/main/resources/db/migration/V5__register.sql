-- The institutions of the epoch: what the state root of all its headers commits to.
alter table epoch add column register bytea;
