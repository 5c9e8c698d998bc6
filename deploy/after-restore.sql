-- For a database that was restored from a backup, before Detour is started on it.
-- What had not left when the backup was made has most likely left since: nobody gets it again. Operators see
-- "delivery unknown" beside it and decide.
update message set status = 'unclear', claimed_by = null, error = '{"because": null, "code": "unclear", "words": "restored from a backup"}'
where status in ('queued', 'sending', 'unclear');
