-- Runs that were due while Helix was not running.
alter table run add column late boolean default false not null;
