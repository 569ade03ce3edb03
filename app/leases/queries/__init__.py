"""What can be read of leases."""
