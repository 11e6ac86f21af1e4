"""What a client is driven against."""
