-- Addresses of peers that operators set; they stand above the setting caduceus.peers.
create table peer (
  id            varchar(64)  primary key,
  host          varchar(255) not null,
  port          integer      not null,
  link_key      bytea,
  changed_at    bigint       not null,
  changed_by    varchar(255) not null
);
