"""The one door to every platform: `door` asks, `quota` paces, `sockets` keeps the deadline, `secrets` hides tokens."""
