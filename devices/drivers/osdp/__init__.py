"""A reader with relay on an RS-485 line, spoken to over OSDP, always encrypted."""
