"""Rights: packs, memberships, included hours and credits, in one ledger nobody can edit."""
