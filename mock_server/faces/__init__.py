"""The wire dialects, and the bytes that all of them share."""
