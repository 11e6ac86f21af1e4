"""One module for each command; ``mock_server.cli`` loads the one that is asked for."""
