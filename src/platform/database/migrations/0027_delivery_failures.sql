-- A delivery is given up so long after its first failure, not after its event: digests, quiet hours and a server that was
-- off take no part of the time for retries.

alter table notification_delivery add column first_failed_at timestamptz;
