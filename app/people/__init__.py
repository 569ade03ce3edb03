"""Accounts, sign-in and its attempts, API tokens, roles per site, organisations, profile proofs."""
