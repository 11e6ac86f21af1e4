"""The dialects that a client may speak, one file each: what the checks need to know of the wire."""
