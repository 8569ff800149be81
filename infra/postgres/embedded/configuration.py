"""The configuration of the server: the contents of `server.conf` in the data folder."""

from pathlib import Path

_CONFIGURATION = """\
# Written again at each start. For your own settings use ALTER SYSTEM: they are read later and take precedence.

# The server listens only on a Unix socket. Its folder can be opened by the server's user and, if root starts the
# service, by the group of the processes that handle requests; by no others.
listen_addresses = ''
port = 5432
unix_socket_directories = {sockets}
unix_socket_permissions = 0777

# A committed transaction is on disk.
fsync = on
synchronous_commit = on
full_page_writes = on

max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'

# A file for each day of the week, overwritten a week later. It holds no values from statements (names, amounts, keys).
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] '
log_min_duration_statement = -1
log_min_error_statement = panic
log_error_verbosity = terse
"""


def configuration_of(sockets: Path) -> str:
    """Return the configuration of a server whose sockets are in this folder."""
    # First quote the path as an item of a list of folders, then the list as a value in the file.
    listed = '"' + str(sockets).replace('"', '""') + '"'
    quoted = "'" + listed.replace("\\", "\\\\").replace("'", "''") + "'"
    return _CONFIGURATION.format(sockets=quoted)
