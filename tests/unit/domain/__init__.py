"""Tests of the rules: no Flask, no database, no clock."""
