"""The shipped scenarios from the side of a client, and scenarios of a user's own."""
