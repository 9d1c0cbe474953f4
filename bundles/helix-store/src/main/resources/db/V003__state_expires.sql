-- When a value of an agent is gone, in milliseconds since 1970; 0 for never.
alter table agent_state add column expires_ms bigint default 0 not null;
