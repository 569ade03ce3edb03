"""The booking server; nothing is imported here, so that app.domain loads without Flask."""
