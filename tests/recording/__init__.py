"""What `record` writes, and what it never does."""
