"""The files of the migrations, the locks that these need, and how a migration waits for its locks."""
