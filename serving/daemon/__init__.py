"""The reader daemon: SQL over HTTP on the current release, each query in a locked-down process."""
