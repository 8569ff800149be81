"""Views of the log and of the read tables other than lists."""
