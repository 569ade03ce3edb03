"""Rules of passes that need no database."""
