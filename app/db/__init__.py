"""The database: one base, one way to commit, one outbox."""
