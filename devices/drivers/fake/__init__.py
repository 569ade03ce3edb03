"""A reader and a lock of paper, for demonstrations and tests."""
