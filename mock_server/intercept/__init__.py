"""How unmodified programs reach the emulator: settings, hooks, a proxy, a sandbox."""
