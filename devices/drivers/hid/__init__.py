"""Code scanners that type like a keyboard, grabbed so that they type nowhere else."""
