"""Does a service behave as the claims say? A few calls to it and to the emulator decide."""
