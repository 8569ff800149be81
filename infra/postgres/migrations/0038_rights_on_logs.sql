-- The application moves the head of a log. The clock of a test log is moved by move_clock alone, which refuses live data.
REVOKE UPDATE ON org_log FROM smartdhandha_app;
GRANT UPDATE (position, chain_hash, recorded_at, series, unkeyed_numbers) ON org_log TO smartdhandha_app;
