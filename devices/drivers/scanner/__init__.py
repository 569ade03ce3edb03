"""Code scanners that send lines: USB serial, or standard input."""
